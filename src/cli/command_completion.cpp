#include "cli/command_completion.hpp"

#include <fmt/format.h>
#include <memory>

#include <p11csr/model/error.hpp>

#include "cli/completion_scripts.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

std::string_view script_of(const std::string& shell) {
  if (shell == "bash") return kBashCompletion;
  if (shell == "zsh") return kZshCompletion;
  if (shell == "fish") return kFishCompletion;
  constexpr const char* usage = "p11csr completion bash, or zsh, or fish";
  if (shell.empty()) throw Error(Errc::usage, "the shell is missing", usage);
  throw Error(Errc::usage, fmt::format("there is no completion for {}", model::in_quotes(shell)),
              model::did_you_mean(shell, {"bash", "zsh", "fish"}, usage));
}

std::function<int(Streams&)> declare(Options& options) {
  const auto shell = std::make_shared<std::string>();
  options.operand("SHELL", "", *shell, "bash, zsh or fish");
  return [shell](Streams& streams) {
    streams.out << script_of(*shell);
    return 0;
  };
}

}  // namespace

Command completion_command() {
  return {"completion",
          "print what makes a shell complete p11csr's words",
          {". <(p11csr completion bash)", "p11csr completion zsh >~/.zfunc/_p11csr",
           "p11csr completion fish >~/.config/fish/completions/p11csr.fish"},
          declare,
          {}};
}

}  // namespace p11csr::cli
