#include <charconv>
#include <cstdint>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/model/oid.hpp>

#include "model/quote.hpp"

namespace p11csr {

namespace {

constexpr std::size_t longest_arc = 39;  // digits of 2^128

Error malformed(std::string_view dotted, std::string_view why) {
  return Error(Errc::malformed_input, fmt::format("{} is not an object identifier: {}", model::in_quotes(dotted), why),
               "write numbers joined by dots, such as 2.5.4.3");
}

// The number matters for the first two arcs; later ones may be longer than it holds, as those of X.667 (2.25.UUID).
std::uint64_t parse_arc(std::string_view arc, std::string_view dotted) {
  if (arc.empty()) throw malformed(dotted, "an arc is empty");
  if (arc.size() > 1 && arc.front() == '0') throw malformed(dotted, "an arc has a leading zero");
  std::uint64_t number = 0;
  const char* end = arc.data() + arc.size();
  const auto [stopped, problem] = std::from_chars(arc.data(), end, number);
  if (problem == std::errc::result_out_of_range && stopped == end) {
    if (arc.size() > longest_arc) throw malformed(dotted, "an arc is above 2^128");
    return UINT64_MAX;
  }
  if (problem != std::errc{} || stopped != end) throw malformed(dotted, "an arc is not a number");
  return number;
}

}  // namespace

Oid Oid::parse(std::string_view dotted) {
  std::uint64_t first = 0;
  std::size_t arcs = 0;
  for (auto rest = dotted;; ++arcs) {
    const auto end = rest.find('.');
    const auto number = parse_arc(rest.substr(0, end), dotted);
    if (arcs == 0) {
      first = number;
      if (first > 2) throw malformed(dotted, "the first arc is above 2");
    }
    if (arcs == 1 && first < 2 && number > 39) throw malformed(dotted, "the second arc is above 39");
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  if (arcs == 0) throw malformed(dotted, "it has one arc only");
  return Oid(std::string(dotted));
}

}  // namespace p11csr
