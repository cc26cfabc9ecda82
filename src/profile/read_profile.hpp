#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <p11csr/profile/library.hpp>
#include <p11csr/profile/profile.hpp>

namespace p11csr::profile {

/// ReadProfile is one profile file by itself, before what it extends is put under it.
struct ReadProfile {
  Profile profile;
  std::optional<Sourced<std::string>> extends;
};

/// read_profile reads a profile's TOML. `name` is the profile's, which the text may repeat but not change; `file` is
/// the file's name in messages and origins; `lint_names` judges what is in [lint]. Throws Error(malformed_input) that
/// names file, line and column.
[[nodiscard]] ReadProfile read_profile(std::string_view text, const std::string& name, const std::string& file,
                                       const LintNames& lint_names = {});

}  // namespace p11csr::profile
