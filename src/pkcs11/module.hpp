#pragma once

#include <memory>
#include <string>

#include "pkcs11/cryptoki.hpp"

namespace p11csr::pkcs11 {

/// ModuleFile says which PKCS #11 module to load and how.
struct ModuleFile {
  std::string path;
  std::string init_arguments;  // CK_C_INITIALIZE_ARGS.pReserved, for NSS; empty: none
  bool trusted = false;        // load it although others than root and this user could write to it
};

/// Module is a loaded and initialised PKCS #11 module. C_Finalize and unloading happen when the last Session and the
/// last holder are gone; C_Finalize also ends what sessions are left (PKCS #11, 5.4), which saves calls to the token.
class Module {
 public:
  /// load throws Error(module_unusable). The monitor may be null and must outlive the module.
  [[nodiscard]] static std::shared_ptr<const Module> load(const ModuleFile& file, CallMonitor* monitor);

  /// is_started tells whether this process has loaded the module and initialised it already, whoever it was. Throws
  /// Error(module_unusable) as load does.
  [[nodiscard]] static bool is_started(const ModuleFile& file);

  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  ~Module();

  [[nodiscard]] const Cryptoki& cryptoki() const noexcept { return cryptoki_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  /// Library is a dlopen()ed file; Context owns C_Initialize and C_Finalize: libp11's, or the function list itself
  /// where that is an interface of PKCS #11 3, or the module gives each caller another one.
  struct LibraryCloser {
    void operator()(void* library) const noexcept;
  };
  struct ContextCloser {
    CallMonitor* monitor = nullptr;
    bool is_list = false;
    void operator()(void* context) const noexcept;
  };
  using Library = std::unique_ptr<void, LibraryCloser>;
  using Context = std::unique_ptr<void, ContextCloser>;

  [[nodiscard]] static Context start_by_libp11(const std::string& path, const ModuleFile& file, CallMonitor* monitor);
  [[nodiscard]] static Context start_list(CK_FUNCTION_LIST* functions, const ModuleFile& file, CallMonitor* monitor);

  Module(std::string path, Library library, Context context, Cryptoki cryptoki);

  std::string path_;
  Library library_;
  Context context_;  // ends before the library is closed
  Cryptoki cryptoki_;
};

}  // namespace p11csr::pkcs11
