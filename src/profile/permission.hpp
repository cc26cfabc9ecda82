#pragma once

#include <p11csr/profile/merge.hpp>

namespace p11csr::profile {

/// check_flags throws Error(not_allowed) where a flag gives what the profile keeps to itself. An extension given raw
/// counts as the flag that the extension has of its own.
void check_flags(const Profile& profile, const RequestedByFlags& flags);

/// setting_of_extension is the setting whose flag writes an extension too.
[[nodiscard]] std::optional<Setting> setting_of_extension(const Oid& oid);

/// has_critical tells whether the profile would have the extension critical: since it lists it so, gives it raw and
/// critical, or gives a key usage or basic constraints, which RFC 5280 has critical.
[[nodiscard]] bool has_critical(const Profile& profile, const Oid& oid);

}  // namespace p11csr::profile
