#pragma once

#include <optional>
#include <string>
#include <vector>

#include <p11csr/model/subject.hpp>
#include <p11csr/profile/name_template.hpp>

namespace p11csr::profile {

/// name_from gives the common name as "KIND:VALUE" of the first of the kinds that it can be; empty where it is none.
[[nodiscard]] std::optional<std::string> name_from(const std::string& common_name, const std::vector<SanKind>& kinds);

/// is_same_name compares a name with one as to_string(GeneralName) writes it; case is no difference of DNS names and
/// the like.
[[nodiscard]] bool is_same_name(const std::string& name, const std::string& canonical);

/// value_of_name is the VALUE of a "KIND:VALUE", as to_string(GeneralName) writes it.
[[nodiscard]] std::string value_of_name(const std::string& name);

/// with_common_name is the subject with another value of its last common name.
[[nodiscard]] Subject with_common_name(const Subject& subject, const std::string& value);

}  // namespace p11csr::profile
