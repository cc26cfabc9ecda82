#include "cli/command_sandbox.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/sandbox.hpp>

#include "cli/child.hpp"
#include "cli/environment.hpp"
#include "cli/signal_relay.hpp"
#include "cli/token_options.hpp"
#include "model/ascii.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

/// SandboxFlags are the flags of `p11csr sandbox` as they were typed. Of the token's own options it has some.
struct SandboxFlags {
  TokenOptions token;
  std::string label = "sandbox";
  unsigned tokens = 1;
  std::vector<std::string> keys;
  bool keep = false;
  std::vector<std::string> command;
};

using Variables = std::vector<std::pair<const char*, std::string>>;

// What a shell answers where a command is not found, or cannot be started (POSIX, Shell Command Language, 2.8.2).
constexpr int kNotFound = 127;
constexpr int kNotStarted = 126;
constexpr unsigned kMostTokens = 100;

void set_variable(const char* name, const std::string& value) {
  if (setenv(name, value.c_str(), 1) != 0)
    throw Error(Errc::unexpected, fmt::format("cannot set the environment variable '{}'", name));
}

// SPEC:LABEL, where some kinds of key have a colon of their own: ec:P-256:web-01, ed25519:web-01.
workflow::SandboxKey seed_key(const std::string& text) {
  const auto first = text.find(':');
  const std::string kind = model::lower(text.substr(0, first));
  const auto end = kind == "rsa" || kind == "ec" ? text.find(':', first + 1) : first;
  const KeySpec spec = parse_key_spec(text.substr(0, end));
  if (end == std::string::npos || end + 1 == text.size())
    throw Error(Errc::usage, fmt::format("the seed key {} has no label", model::in_quotes(text)),
                fmt::format("--seed-key {}:web-01", to_string(spec)));
  return {spec, text.substr(end + 1)};
}

workflow::SandboxOptions sandbox_options(const SandboxFlags& flags) {
  if (flags.label.empty()) throw Error(Errc::usage, "the sandbox's token needs a label", "leave --label out");
  workflow::SandboxOptions options;
  // P11CSR_MODULE names the person's real module, which a throw-away token is not for.
  if (!flags.token.module.empty()) options.module = flags.token.module;
  options.trust_module = flags.token.trust_module;
  options.label = flags.label;
  options.tokens = flags.tokens;
  std::transform(flags.keys.begin(), flags.keys.end(), std::back_inserter(options.keys), seed_key);
  std::set<std::string> labels;
  for (const workflow::SandboxKey& key : options.keys)
    if (!labels.insert(key.label).second)
      throw Error(Errc::usage, fmt::format("two seed keys have the label {}", model::in_quotes(key.label)),
                  "give each one a label of its own");
  return options;
}

TokenInfo make_tokens(const workflow::Sandbox& sandbox, const workflow::SandboxOptions& options,
                      const SandboxFlags& flags, Streams& streams) {
  WatchSettings settings = watch_settings(flags.token, !flags.keys.empty());
  settings.before_end = [&sandbox] { static_cast<void>(sandbox.remove()); };
  CallWatch watch(std::move(settings), streams.err);
  TokenInfo token = sandbox.add_tokens(options, surroundings(watch, streams)).front();
  if (watch.interrupted()) throw Error(Errc::interrupted, "interrupted");
  return token;
}

Variables variables(const workflow::Sandbox& sandbox, const TokenInfo& token) {
  // The command may change its folder. A bare name is looked up by the loader and stays as it is.
  const bool is_path = token.module_path.find('/') != std::string::npos;
  return {{"SOFTHSM2_CONF", sandbox.configuration()},
          {"P11CSR_MODULE", is_path ? std::filesystem::absolute(token.module_path).string() : token.module_path},
          {"P11CSR_TOKEN", token.uri},
          {"P11CSR_PIN_SOURCE", "file:" + sandbox.pin_file()},
          {"P11CSR_SANDBOX", sandbox.folder()}};
}

void export_all(const Variables& variables) {
  wipe_environment_value("P11CSR_TOKEN");  // the person's own may hold a PIN
  for (const auto& [name, value] : variables) set_variable(name, value);
}

void keep(workflow::Sandbox& sandbox, const Variables& variables, Streams& streams) {
  std::string lines;
  for (const auto& [name, value] : variables) lines += fmt::format("export {}={}\n", name, model::shell_word(value));
  const std::string file = sandbox.keep(lines);
  fmt::print(streams.err, "p11csr: the sandbox stays until you remove {}; to use it again: . {}\n",
             model::shell_word(sandbox.folder()), model::shell_word(file));
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

std::vector<std::string> command_or_shell(const SandboxFlags& flags, Streams& streams) {
  if (!flags.command.empty()) return flags.command;
  const std::string tokens = flags.tokens == 1 ? "a token" : fmt::format("{} tokens", flags.tokens);
  const char* end = flags.keep ? "" : "; all of it is gone when you leave it";
  fmt::print(streams.err, "p11csr: this shell has {} {}{}\n", tokens, model::in_quotes(flags.label), end);
  return {environment_value("SHELL").value_or("/bin/sh")};
}

int run(const SandboxFlags& flags, Streams& streams) {
  const workflow::SandboxOptions options = sandbox_options(flags);
  const SignalRelay relay;  // before anything is made: no signal may end the process while there is a folder to remove
  workflow::Sandbox sandbox = workflow::Sandbox::in(workflow::Sandbox::usual_place());
  // SoftHSM2 reads this when its module is loaded, here and in the command.
  set_variable("SOFTHSM2_CONF", sandbox.configuration());
  const Variables exported = variables(sandbox, make_tokens(sandbox, options, flags, streams));
  export_all(exported);
  if (flags.keep) keep(sandbox, exported, streams);
  const int code = start(command_or_shell(flags, streams), relay, streams);
  if (!sandbox.remove())
    fmt::print(streams.err, "p11csr: warning: not all of {} could be removed\n", model::in_quotes(sandbox.folder()));
  return code;
}

std::function<int(Streams&)> declare(Options& options) {
  const auto flags = std::make_shared<SandboxFlags>();
  TokenOptions& token = flags->token;
  options.text("--label", flags->label, "NAME", "the token's label (default: sandbox); of several: NAME-1, NAME-2, …");
  options.number("--tokens", flags->tokens, kMostTokens, "N", "how many tokens (default: 1, at most 100)");
  options.list("--seed-key", flags->keys, "SPEC:LABEL", "a key that the first token has from the start; repeatable");
  options.flag("--keep", flags->keep, "let it stay, and say how to use it again");
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
           "p11csr sandbox --tokens 2 --seed-key ec:P-256:web-01 -- make check"},
          declare,
          {}};
}

}  // namespace p11csr::cli
