#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/model/request_spec.hpp>
#include <p11csr/model/signature_algorithm.hpp>
#include <p11csr/profile/merge.hpp>
#include <p11csr/x509/lint.hpp>

#include "cli/content_flags.hpp"

namespace p11csr::cli {

/// RequestContent is what flags, profile, and the file that they name come to.
struct RequestContent {
  RequestSpec spec;
  profile::Sourced<profile::Profile> profile;  // without a name where none was chosen
  profile::MergedRequest settings;             // as the flags, the profile and the file gave them
  std::optional<Digest> preferred_digest;      // of a configuration
  x509::LintOptions lint;
};

/// request_content reads profile and file and puts the flags over them. `say` is told what of the file was left out.
/// Reads the challenge password from its source. Throws Error.
[[nodiscard]] RequestContent request_content(const ContentFlags& flags,
                                             const std::function<void(const std::string&)>& say);

/// request_content under a profile that was read before; {date} is `date`.
[[nodiscard]] RequestContent request_content(const ContentFlags& flags, profile::Sourced<profile::Profile> profile,
                                             const std::string& date,
                                             const std::function<void(const std::string&)>& say);

/// content_values lists what profile, file and settings say, and where each value came from. Of a challenge password it
/// says that there is one. `algorithm` is that of the signature, as far as it is known: Ed25519 and ML-DSA have no
/// digest.
[[nodiscard]] std::vector<profile::ShownValue> content_values(const RequestContent& content, const ContentFlags& flags,
                                                              const std::optional<SignatureAlgorithm>& algorithm);

}  // namespace p11csr::cli
