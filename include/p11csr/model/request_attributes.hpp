#pragma once

#include <memory>
#include <optional>
#include <string>

#include <p11csr/model/secret.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// RequestAttributes are the attributes of a CertificationRequestInfo beside its extensionRequest (RFC 2985, 5.4).
class RequestAttributes {
 public:
  RequestAttributes() = default;
  /// Throws Error(malformed_input): each has 1 to 255 characters (RFC 2985, appendix A, pkcs-9-ub-*) of UTF-8 without
  /// controls. No error quotes the password.
  RequestAttributes(std::optional<std::string> unstructured_name, std::optional<Secret> challenge_password);

  /// empty tells that there is no attribute.
  [[nodiscard]] bool empty() const noexcept { return !unstructured_name_ && challenge_password_ == nullptr; }
  /// unstructured_name is UTF-8 (RFC 2985, 5.4.3).
  [[nodiscard]] const std::optional<std::string>& unstructured_name() const noexcept { return unstructured_name_; }
  /// challenge_password is null where there is none. It stands in the request for everybody who reads that.
  [[nodiscard]] const Secret* challenge_password() const noexcept { return challenge_password_.get(); }

 private:
  std::optional<std::string> unstructured_name_;
  std::shared_ptr<const Secret> challenge_password_;
};

}  // namespace p11csr
#pragma GCC visibility pop
