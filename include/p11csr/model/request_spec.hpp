#pragma once

#include <p11csr/model/extension_request.hpp>
#include <p11csr/model/request_attributes.hpp>
#include <p11csr/model/subject.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// RequestSpec is all of a CertificationRequestInfo (RFC 2986, 4.1) but its key. One that exists names somebody
/// (a non-empty Subject, at least one SubjectAltName, or a raw subjectAltName that is critical), repeats no name, and
/// has no extension twice.
class RequestSpec {
 public:
  /// Throws Error(malformed_input) that names the rule and the offending value.
  RequestSpec(Subject subject, ExtensionRequest extensions, RequestAttributes attributes = {});

  /// subject may be empty; then a name or a critical extension says who is meant.
  [[nodiscard]] const Subject& subject() const noexcept { return subject_; }
  /// extensions are those of the one extensionRequest attribute; all may be absent.
  [[nodiscard]] const ExtensionRequest& extensions() const noexcept { return extensions_; }
  /// attributes are those beside extensionRequest.
  [[nodiscard]] const RequestAttributes& attributes() const noexcept { return attributes_; }

 private:
  Subject subject_;
  ExtensionRequest extensions_;
  RequestAttributes attributes_;
};

}  // namespace p11csr
#pragma GCC visibility pop
