#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/model/request_spec.hpp>
#include <p11csr/profile/merge.hpp>
#include <p11csr/x509/lint.hpp>

#include "cli/content_flags.hpp"

namespace p11csr::cli {

/// RequestContent is what flags, profile, and the file that they name come to.
struct RequestContent {
  RequestSpec spec;
  profile::Sourced<profile::Profile> profile;  // without a name where none was chosen
  profile::MergedRequest settings;             // as the flags, the profile, and the names of the file gave them
  std::optional<Digest> preferred_digest;      // of a configuration
  x509::LintOptions lint;
};

/// request_content reads profile and file and puts the flags over them. `say` is told what of the file was left out.
/// Reads the challenge password from its source. Throws Error.
[[nodiscard]] RequestContent request_content(const ContentFlags& flags,
                                             const std::function<void(const std::string&)>& say);

/// content_values lists what profile and settings say, and where each value came from.
[[nodiscard]] std::vector<profile::ShownValue> content_values(const RequestContent& content);

}  // namespace p11csr::cli
