#include "model/idna.hpp"

#include <cstdint>
#include <dlfcn.h>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/quote.hpp"

namespace p11csr::model {

namespace {

constexpr int flags = IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT;
// 253 octets of A-labels never need more octets of UTF-8.
constexpr std::size_t longest_input = 1024;

template <typename Function>
Function load(void* library, const char* name) {
  void* symbol = dlsym(library, name);
  if (symbol == nullptr) throw Error(Errc::unexpected, fmt::format("libidn2 has no function '{}'", name));
  return reinterpret_cast<Function>(symbol);
}

}  // namespace

Idna::Idna(const char* library_name) {
  // Never closed: what was loaded serves until the process ends.
  void* library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(Errc::unexpected,
                fmt::format("'{}', which internationalised names need, cannot be loaded", library_name),
                "install the package libidn2-0");
  }
  lookup_ = load<decltype(lookup_)>(library, "idn2_lookup_u8");
  to_unicode_ = load<decltype(to_unicode_)>(library, "idn2_to_unicode_8z8z");
  strerror_ = load<decltype(strerror_)>(library, "idn2_strerror");
  free_ = load<decltype(free_)>(library, "idn2_free");
}

const Idna& Idna::shared() {
  static const Idna instance;
  return instance;
}

std::string Idna::to_a_labels(std::string_view utf8_name) const {
  if (utf8_name.size() > longest_input) {
    throw Error(Errc::malformed_input, fmt::format("the internationalised name {} is too long", in_quotes(utf8_name)),
                "use a shorter name");
  }
  const std::string input(utf8_name);
  std::uint8_t* output = nullptr;
  const int result = lookup_(reinterpret_cast<const std::uint8_t*>(input.c_str()), &output, flags);
  if (result != IDN2_OK) {
    throw Error(
        Errc::malformed_input,
        fmt::format("the internationalised name {} is not allowed: {}", in_quotes(utf8_name), strerror_(result)),
        "see what IDNA 2008 (RFC 5892) allows in a label");
  }
  std::string name(reinterpret_cast<const char*>(output));
  free_(output);
  return name;
}

bool Idna::is_a_label(std::string_view label) const {
  const std::string input(label);
  char* unicode = nullptr;
  if (to_unicode_(input.c_str(), &unicode, 0) != IDN2_OK) return false;
  std::uint8_t* back = nullptr;
  const int result = lookup_(reinterpret_cast<const std::uint8_t*>(unicode), &back, flags);
  free_(unicode);
  if (result != IDN2_OK) return false;
  const bool same = equal_ignoring_case(reinterpret_cast<const char*>(back), label);
  free_(back);
  return same;
}

}  // namespace p11csr::model
