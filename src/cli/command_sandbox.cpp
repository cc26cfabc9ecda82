#include "cli/command_sandbox.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <memory>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/sandbox.hpp>

#include "cli/child.hpp"
#include "cli/environment.hpp"
#include "cli/signal_relay.hpp"
#include "cli/token_options.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

/// SandboxFlags are the flags of `p11csr sandbox` as they were typed. Of the token's own options it has some.
struct SandboxFlags {
  TokenOptions token;
  std::string label = "sandbox";
  std::vector<std::string> command;
};

// What a shell answers where a command is not found, or cannot be started (POSIX, Shell Command Language, 2.8.2).
constexpr int kNotFound = 127;
constexpr int kNotStarted = 126;

void set_variable(const char* name, const std::string& value) {
  if (setenv(name, value.c_str(), 1) != 0)
    throw Error(Errc::unexpected, fmt::format("cannot set the environment variable '{}'", name));
}

workflow::SandboxOptions sandbox_options(const SandboxFlags& flags) {
  workflow::SandboxOptions options;
  // P11CSR_MODULE names the person's real module, which a throw-away token is not for.
  if (!flags.token.module.empty()) options.module = flags.token.module;
  options.trust_module = flags.token.trust_module;
  options.label = flags.label;
  return options;
}

TokenInfo make_token(const workflow::Sandbox& sandbox, const SandboxFlags& flags, Streams& streams) {
  WatchSettings settings = watch_settings(flags.token, false);
  settings.before_end = [&sandbox] { static_cast<void>(sandbox.remove()); };
  CallWatch watch(std::move(settings), streams.err);
  TokenInfo token = sandbox.add_token(sandbox_options(flags), surroundings(watch, streams));
  if (watch.interrupted()) throw Error(Errc::interrupted, "interrupted");
  return token;
}

void export_token(const workflow::Sandbox& sandbox, const TokenInfo& token) {
  // The command may change its folder. A bare name is looked up by the loader and stays as it is.
  const bool is_path = token.module_path.find('/') != std::string::npos;
  set_variable("P11CSR_MODULE", is_path ? std::filesystem::absolute(token.module_path).string() : token.module_path);
  wipe_environment_value("P11CSR_TOKEN");  // the person's own may hold a PIN
  set_variable("P11CSR_TOKEN", token.uri);
  set_variable("P11CSR_PIN_SOURCE", "file:" + sandbox.pin_file());
}

int start(const std::vector<std::string>& command, const SignalRelay& relay, Streams& streams) {
  relay.throw_if_signalled();
  int reason = 0;
  auto child = Child::beside(command, reason);
  if (child) return relay.wait_for(*child);
  fmt::print(streams.err, "p11csr: error: cannot start {}: {}\n", model::in_quotes(command.front()),
             std::strerror(reason));
  return reason == ENOENT ? kNotFound : kNotStarted;
}

int run(const SandboxFlags& flags, Streams& streams) {
  if (flags.label.empty()) throw Error(Errc::usage, "the sandbox's token needs a label", "leave --label out");
  const SignalRelay relay;  // first of all: no signal may end the process while there is a folder to remove
  const workflow::Sandbox sandbox = workflow::Sandbox::in(environment_value("TMPDIR").value_or("/tmp"));
  // SoftHSM2 reads this when its module is loaded, here and in the command.
  set_variable("SOFTHSM2_CONF", sandbox.configuration());
  export_token(sandbox, make_token(sandbox, flags, streams));
  std::vector<std::string> command = flags.command;
  if (command.empty()) {
    command.push_back(environment_value("SHELL").value_or("/bin/sh"));
    fmt::print(streams.err, "p11csr: this shell has a token {}; both are gone when you leave it\n",
               model::in_quotes(flags.label));
  }
  const int code = start(command, relay, streams);
  if (!sandbox.remove())
    fmt::print(streams.err, "p11csr: warning: not all of {} could be removed\n", model::in_quotes(sandbox.folder()));
  return code;
}

std::function<int(Streams&)> declare(Options& options) {
  const auto flags = std::make_shared<SandboxFlags>();
  TokenOptions& token = flags->token;
  options.text("--label", flags->label, "NAME", "the token's label (default: sandbox)");
  options.text("--module", token.module, "PATH", "SoftHSM2's module (else looked for)");
  options.flag("--trust-module", token.trust_module, "load a module that others could write to", Rarity::rare);
  options.number("--call-timeout", token.call_timeout, 86400, "SECONDS", "end a call that hangs (default: 60)",
                 Rarity::rare);
  options.flag("-v,--verbose", token.verbose, "trace every call to the token on stderr", Rarity::rare);
  options.rest("[-- COMMAND]", flags->command, "what to run with the token (default: $SHELL, else /bin/sh)");
  return [flags](Streams& streams) { return run(*flags, streams); };
}

}  // namespace

Command sandbox_command() {
  return {"sandbox",
          "run a command, or a shell, with a throw-away SoftHSM2 token",
          {"p11csr sandbox", "p11csr sandbox -- p11csr request --generate ec:P-256 --subject CN=web-01",
           "p11csr sandbox --label ci -- make check"},
          declare,
          {}};
}

}  // namespace p11csr::cli
