#include "cli/version_report.hpp"

#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/versions.hpp>

#include "cli/json.hpp"
#include "cli/options.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {

std::string version_text(std::span<const std::string> arguments) {
  const workflow::Versions versions = workflow::versions();
  if (arguments.empty()) return fmt::format("p11csr {}\n", versions.library);
  for (const std::string& argument : arguments)
    if (argument != "--json") {
      const bool is_option = argument.rfind('-', 0) == 0;
      throw Error(
          Errc::usage,
          fmt::format("--version does not take {}", is_option ? model::in_quotes(option_name(argument)) : "a word"),
          "p11csr --version --json");
    }
  return to_text({{"program", versions.library},
                  {"openssl", {{"built_with", versions.openssl_built}, {"running", versions.openssl_running}}},
                  {"libp11", versions.libp11},
                  {"p11_kit", versions.p11_kit},
                  {"compiler", versions.compiler}});
}

}  // namespace p11csr::cli
