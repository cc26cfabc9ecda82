#include <fmt/format.h>

#include <p11csr/profile/origin.hpp>

#include "model/quote.hpp"

namespace p11csr::profile {

Origin Origin::file(std::string_view name, unsigned line) {
  return Origin(fmt::format("{}:{}", model::printable(name), line));
}

Origin Origin::flag(std::string_view name) { return Origin(fmt::format("flag {}", name)); }

Origin Origin::variable(std::string_view name) { return Origin(fmt::format("variable {}", name)); }

}  // namespace p11csr::profile
