#include "cli/command_token_wait.hpp"

#include <chrono>
#include <memory>

#include <p11csr/workflow/wait_for_token.hpp>

#include "cli/token_options.hpp"
#include "cli/token_report.hpp"

namespace p11csr::cli {
namespace {

/// WaitFlags are the flags of `token wait` as they were typed.
struct WaitFlags {
  TokenOptions token;
  unsigned timeout = 0;
  bool removed = false;
};

int run(const WaitFlags& flags, Streams& streams) {
  CallWatch watch(watch_settings(flags.token, false), streams.err);
  std::optional<std::chrono::seconds> timeout;
  if (flags.timeout != 0) timeout = std::chrono::seconds(flags.timeout);
  const auto what = flags.removed ? workflow::WaitFor::removal : workflow::WaitFor::presence;
  const auto tokens = workflow::wait_for_token(token_choice(flags.token), what, timeout, surroundings(watch, streams));
  if (flags.token.json) {
    Json list = Json::array();
    for (const TokenInfo& token : tokens) list.push_back(full_token_json(token));
    streams.out << to_text(Json{{"tokens", std::move(list)}});
    return 0;
  }
  for (const TokenInfo& token : tokens) streams.out << token.uri << '\n';
  return 0;
}

std::function<int(Streams&)> declare(Options& options) {
  const auto flags = std::make_shared<WaitFlags>();
  constexpr unsigned a_day = 86400;
  declare_token_options(options, flags->token,
                        "the label or RFC 7512 URI of the token to wait for (else P11CSR_TOKEN, else any)");
  options.flag("--removed", flags->removed, "wait until it is gone");
  options.number("--timeout", flags->timeout, a_day, "SECONDS", "give up then, with exit code 3 (default: never)");
  return [flags](Streams& streams) { return run(*flags, streams); };
}

}  // namespace

Command token_wait_command() {
  return {"wait",
          "wait until a token is there, or gone",
          {"p11csr token wait --token card-0042 --timeout 60", "p11csr token wait --removed --token card-0042"},
          declare,
          {}};
}

}  // namespace p11csr::cli
