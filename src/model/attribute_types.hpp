#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <p11csr/model/oid.hpp>

namespace p11csr::model {

/// ValueRule is what a type allows as its value: any DirectoryString, or one string type only.
enum class ValueRule { directory, printable, ia5, country };

/// AttributeTypeFacts are one attribute type of a name: `name` is what is printed, `aliases` are read as well;
/// at most `upper_bound` characters, which RFC 5280 gives in its Appendix A or another document.
struct AttributeTypeFacts {
  std::string_view oid;
  std::string_view name;
  std::array<std::string_view, 4> aliases;
  ValueRule rule;
  std::size_t upper_bound;
  bool bound_of_rfc5280 = true;
};

/// find_attribute_type is null for a type that is not in the table.
[[nodiscard]] const AttributeTypeFacts* find_attribute_type(const Oid& type);

/// parse_attribute_type reads a name in any case or a dotted OID. Throws Error(malformed_input) for an unknown name;
/// its hint is the nearest one, else `hint`.
[[nodiscard]] Oid parse_attribute_type(std::string_view text, std::string_view hint);

}  // namespace p11csr::model
