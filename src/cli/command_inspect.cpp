#include "cli/command_inspect.hpp"

#include <fmt/format.h>
#include <memory>
#include <string_view>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/inspect.hpp>

#include "cli/document_input.hpp"
#include "cli/inspect_report.hpp"
#include "cli/token_options.hpp"

namespace p11csr::cli {
namespace {

/// InspectFlags are the flags of `p11csr inspect` as they were typed.
struct InspectFlags {
  std::string file;
  TokenOptions token;

  [[nodiscard]] bool looks() const { return token.token.has_value(); }
};

// An empty --token means the only token.
workflow::WhereToLook where_to_look(TokenOptions options) {
  if (options.token->empty()) options.token.reset();
  workflow::WhereToLook where{token_choice(options), {}, false};
  where.log_in = pin_was_asked_for(options, where.token);
  where.pin = pin_choice(options);
  return where;
}

// The first flag that has no meaning where no token is looked at; empty where none was given.
std::string_view flag_for_a_token(const TokenOptions& options) {
  if (!options.module.empty()) return "--module";
  if (!options.pin_source.empty()) return "--pin-source";
  if (!options.module_arguments.empty()) return "--module-args";
  if (options.trust_module) return "--trust-module";
  if (options.allow_final_try) return "--allow-final-try";
  if (options.call_timeout != 0) return "--call-timeout";
  return options.verbose ? "--verbose" : "";
}

void require_sense(const InspectFlags& flags) {
  if (flags.file.empty())
    throw Error(Errc::usage, "the file is missing", "p11csr inspect web-01.csr, or - for standard input");
  if (flags.looks()) return;
  if (const auto given = flag_for_a_token(flags.token); !given.empty())
    throw Error(Errc::usage, fmt::format("{} says how to look at a token, and no --token was given", given),
                "name the token that may hold the key: --token LABEL");
}

// Without --token no module is loaded: what is in the environment for other commands does not count.
workflow::Inspection look(const InspectFlags& flags, Streams& streams) {
  const Bytes input = read_document(flags.file, streams.in, longest_input);
  if (!flags.looks()) return workflow::inspect(input, std::nullopt, {});
  CallWatch watch(watch_settings(flags.token, false), streams.err);
  return workflow::inspect(input, where_to_look(flags.token), surroundings(watch, streams));
}

int run(const InspectFlags& flags, Streams& streams) {
  require_sense(flags);
  const workflow::Inspection result = look(flags, streams);
  streams.out << (flags.token.json ? to_text(inspection_json(result)) : inspection_text(result));
  static_cast<void>(flush_data(streams));
  if (const auto error = objection(result, flags.looks())) throw Error(*error);
  return 0;
}

std::function<int(Streams&)> declare(Options& options) {
  const auto flags = std::make_shared<InspectFlags>();
  options.operand("FILE", "", flags->file, "a request or a certificate, PEM or DER; - for standard input");
  declare_token_options(options, flags->token,
                        "does the key live there? a label or RFC 7512 URI; '' for the only token");
  declare_pin_options(options, flags->token);
  return [flags](Streams& streams) { return run(*flags, streams); };
}

}  // namespace

Command inspect_command() {
  return {"inspect",
          "show and verify a request or a certificate; does its key live on a token?",
          {"p11csr inspect web-01.csr", "openssl x509 -in web-01.crt -outform DER | p11csr inspect - --json",
           "p11csr inspect web-01.csr --token my-hsm --pin-source prompt"},
          declare,
          {}};
}

}  // namespace p11csr::cli
