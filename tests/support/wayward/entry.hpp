#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "cryptoki.hpp"
#include "outputs.hpp"
#include "state.hpp"

namespace wayward {

/// Name carries a function's name as a template argument.
template <std::size_t Size>
struct Name {
  // Implicit, so that a literal can be the argument.
  constexpr Name(const char (&literal)[Size]) { std::copy_n(literal, Size, text); }
  [[nodiscard]] constexpr std::string_view view() const { return {text, Size - 1}; }
  char text[Size] = {};
};

template <typename Perform>
CK_RV carry_out(std::string_view function, const Outputs& outputs, Perform perform) {
  State& state = State::instance();
  const State::Arrival arrival = state.arrive(function);
  CK_RV value = arrival.instead ? *arrival.instead : perform(state);
  if (tells_something(value)) state.tell(function, outputs);
  if (arrival.afterwards && !arrival.instead) value = *arrival.afterwards;
  state.leave(function, value);
  return value;
}

/// Entry::call is what the function list holds for a function: it counts, obeys, and then either forwards to the
/// backend (Does is a member of CK_FUNCTION_LIST) or does what we do instead (Does is a function of ours).
template <Name Function, auto Does>
struct Entry;

template <Name Function, typename... Arguments, CK_RV (*CK_FUNCTION_LIST::*Does)(Arguments...)>
struct Entry<Function, Does> {
  static CK_RV call(Arguments... arguments) noexcept {
    return carry_out(Function.view(), outputs_of(Function.view(), arguments...),
                     [&](State& state) { return (state.backend().*Does)(arguments...); });
  }
};

template <Name Function, typename... Arguments, CK_RV (*Does)(State&, Arguments...)>
struct Entry<Function, Does> {
  static CK_RV call(Arguments... arguments) noexcept {
    return carry_out(Function.view(), outputs_of(Function.view(), arguments...),
                     [&](State& state) { return Does(state, arguments...); });
  }
};

}  // namespace wayward
