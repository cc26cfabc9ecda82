#pragma once

#include <vector>

#include <p11csr/workflow/create_request.hpp>

#include "workflow/new_key.hpp"
#include "workflow/signing_key.hpp"

namespace p11csr::workflow {

/// check_mechanisms refuses what the token cannot do, or could do and nobody verify, before anybody types a PIN.
/// Throws Error(mechanism_unsupported) or Error(verification_failed).
void check_mechanisms(const RequestOptions& options, const std::vector<CK_MECHANISM_TYPE>& listed);

/// make_request is create_request on a session that is logged in, for options that were checked. The selector is that
/// of an existing key.
[[nodiscard]] RequestReport make_request(const Bench& bench, const RequestOptions& options,
                                         const pkcs11::ObjectSelector* selector,
                                         const std::vector<CK_MECHANISM_TYPE>& listed);

/// make_request_with_new_key generates without a look: nothing on the token has the new key's label or ID.
[[nodiscard]] RequestReport make_request_with_new_key(const Bench& bench, const RequestOptions& options,
                                                      const std::vector<CK_MECHANISM_TYPE>& listed);

/// sign_content has a key sign that was found, and passed the gate, before: a CertificationRequestInfo of
/// x509::info_without_key, which has passed check_request. The settings' own key and spec do not count.
[[nodiscard]] x509::CertificationRequest sign_content(const Bench& bench, const RequestOptions& settings,
                                                      ByteView content, const SigningKey& key,
                                                      const std::vector<CK_MECHANISM_TYPE>& listed);

}  // namespace p11csr::workflow
