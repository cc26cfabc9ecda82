#pragma once

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr::model {

/// Named is a value and a name of it in text. In a table a value's first name is the one that is printed.
template <typename Value>
struct Named {
  std::string_view name;
  Value value;
};

/// name_of is empty for a value that the table does not have.
template <typename Value, std::size_t N>
[[nodiscard]] std::string_view name_of(const std::array<Named<Value>, N>& table, Value value) {
  const auto found = std::find_if(table.begin(), table.end(), [value](const auto& one) { return one.value == value; });
  return found == table.end() ? std::string_view{} : found->name;
}

enum class Case { matters, ignored };

/// parse_named finds a value by any of its names. Throws Error(malformed_input): "unknown KIND 'NAME'", whose hint is
/// the nearest name or else all of them; `plural` is what they are together.
template <typename Value, std::size_t N>
[[nodiscard]] Value parse_named(const std::array<Named<Value>, N>& table, std::string_view name, Case letters,
                                std::string_view kind, std::string_view plural) {
  std::vector<std::string_view> names;
  names.reserve(N);
  for (const Named<Value>& known : table) {
    if (letters == Case::matters ? known.name == name : equal_ignoring_case(known.name, name)) return known.value;
    names.push_back(known.name);
  }
  throw Error(Errc::malformed_input, fmt::format("unknown {} {}", kind, in_quotes(name)),
              did_you_mean(name, names, fmt::format("the {} are {}", plural, join(names, ", "))));
}

}  // namespace p11csr::model
