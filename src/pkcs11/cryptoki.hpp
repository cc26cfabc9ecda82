#pragma once

#include <p11-kit/pkcs11.h>

#include <p11csr/pkcs11/call_monitor.hpp>

namespace p11csr::pkcs11 {

// ML-DSA in PKCS #11 3.2, 6.67, which p11-kit 0.24 does not have; newer headers define the standard names as macros.
inline constexpr CK_KEY_TYPE kMlDsaKeyType = 0x4a;                  // CKK_ML_DSA
inline constexpr CK_MECHANISM_TYPE kMlDsaKeyPairGen = 0x1c;         // CKM_ML_DSA_KEY_PAIR_GEN
inline constexpr CK_MECHANISM_TYPE kMlDsa = 0x1d;                   // CKM_ML_DSA: pure, with an empty context if NULL
inline constexpr CK_ATTRIBUTE_TYPE kParameterSetAttribute = 0x61d;  // CKA_PARAMETER_SET: a number

/// The handles of PKCS #11 as types of their own, so that a session is never taken for an object.
enum class SlotId : CK_SLOT_ID {};
enum class SessionHandle : CK_SESSION_HANDLE {};
enum class ObjectHandle : CK_OBJECT_HANDLE {};

/// Cryptoki is a module's function list with a monitor beside every call. It owns nothing.
class Cryptoki {
 public:
  Cryptoki(CK_FUNCTION_LIST* functions, CallMonitor* monitor) : functions_(functions), monitor_(monitor) {}

  /// call makes one Cryptoki call and returns its result unjudged.
  /// A function that the module's list lacks answers CKR_FUNCTION_NOT_SUPPORTED.
  template <typename Function, typename... Arguments>
  [[nodiscard]] CK_RV call(const char* name, Function CK_FUNCTION_LIST::*function, Arguments... arguments) const {
    if (functions_->*function == nullptr) return CKR_FUNCTION_NOT_SUPPORTED;
    if (monitor_ != nullptr) monitor_->before(name);
    const CK_RV result = (functions_->*function)(arguments...);
    if (monitor_ != nullptr) monitor_->after(name, result);
    return result;
  }

  [[nodiscard]] CallMonitor* monitor() const noexcept { return monitor_; }

 private:
  CK_FUNCTION_LIST* functions_;
  CallMonitor* monitor_;
};

}  // namespace p11csr::pkcs11
