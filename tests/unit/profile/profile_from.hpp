#pragma once

#include <string_view>

#include "profile/read_profile.hpp"

namespace p11csr::profile::test {

/// profile_from reads the profile 'web' from text; it extends nothing.
[[nodiscard]] inline Profile profile_from(std::string_view text) {
  return read_profile(text, "web", "web.toml").profile;
}

}  // namespace p11csr::profile::test
