#pragma once

#include <string>
#include <vector>

#include <p11csr/profile/merge.hpp>

namespace p11csr::profile {

/// with_fixed gives the subject with the profile's fixed attributes that it lacks. Throws Error(not_allowed) where it
/// has other values of such a type.
[[nodiscard]] Subject with_fixed(const Profile& profile, const Subject& subject, const Subject& fixed);

/// check_rdns and check_names throw Error(not_allowed) where the profile forbids what is there or requires more.
void check_rdns(const Profile& profile, const Subject& subject);
void check_names(const Profile& profile, const std::vector<Sourced<std::string>>& names);

}  // namespace p11csr::profile
