#pragma once

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/workflow/create_request.hpp>

namespace p11csr::workflow {

/// check_new_key throws Error(usage) for what contradicts itself.
void check_new_key(const GenerateKey& wanted);

/// check_options throws Error(malformed_input) or Error(usage) for what no token could make good.
void check_options(const RequestOptions& options);

/// require_confirmed throws Error(verification_failed) where the key would sign something else than was confirmed.
void require_confirmed(const RequestOptions& options, const crypto::PublicKey& key);

/// lint_before_key judges what will be asked for by what is known before the token is: without the key, where one is
/// not generated without its kind.
[[nodiscard]] std::vector<x509::LintFinding> lint_before_key(const RequestOptions& options);

/// lint_with_key judges the very content that the key would sign.
[[nodiscard]] std::vector<x509::LintFinding> lint_with_key(const RequestOptions& options, const crypto::PublicKey& key,
                                                           ByteView certification_request_info);

}  // namespace p11csr::workflow
