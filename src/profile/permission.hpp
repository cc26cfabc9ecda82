#pragma once

#include <p11csr/profile/merge.hpp>

namespace p11csr::profile {

/// check_flags throws Error(not_allowed) where a flag gives what the profile keeps to itself. An extension given raw
/// counts as the flag that the extension has of its own.
void check_flags(const Profile& profile, const RequestedByFlags& flags);

/// setting_of_extension is the setting whose flag writes an extension too.
[[nodiscard]] std::optional<Setting> setting_of_extension(const Oid& oid);

}  // namespace p11csr::profile
