#include "cli/form.hpp"

#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/quote.hpp"

namespace p11csr::cli {

bool wants_der(const std::string& form) {
  if (form.empty() || form == "pem") return false;
  if (form == "der") return true;
  throw Error(Errc::usage, fmt::format("--form {} is not known", model::in_quotes(form)), "say pem or der");
}

}  // namespace p11csr::cli
