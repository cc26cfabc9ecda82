#pragma once

#include <optional>
#include <string>
#include <vector>

#include <p11csr/profile/profile.hpp>
#include <p11csr/workflow/surroundings.hpp>

#include "cli/call_watch.hpp"
#include "cli/options.hpp"
#include "cli/streams.hpp"

namespace p11csr::cli {

/// TokenOptions are the flags of every command that speaks to a token, as they were typed.
struct TokenOptions {
  std::string module;
  std::string module_arguments;
  bool trust_module = false;
  std::optional<std::string> token;
  std::string pin_source;
  bool allow_final_try = false;
  unsigned call_timeout = 0;
  bool verbose = false;
  bool json = false;
};

/// declare_token_options adds them; declare_pin_options adds what only commands that may log in have.
void declare_token_options(
    Options& options, TokenOptions& values,
    const std::string& token_text = "the token's label or RFC 7512 URI (else P11CSR_TOKEN, else the only one)");
void declare_pin_options(Options& options, TokenOptions& values);
void declare_final_try_option(Options& options, TokenOptions& values);
/// declare_officer_option adds where the security officer's PIN comes from.
void declare_officer_option(Options& options, std::string& source);

/// token_choice and pin_choice put flags over environment variables (docs/CLI.md). A URI with a pin-value is taken out
/// of the environment. Throw Error(usage).
[[nodiscard]] workflow::TokenChoice token_choice(const TokenOptions& options);
[[nodiscard]] workflow::PinChoice pin_choice(const TokenOptions& options);
/// token_values says where module, token and PIN source come from; what nobody said is not among them. A PIN in
/// P11CSR_TOKEN is never part of it.
[[nodiscard]] std::vector<profile::ShownValue> token_values(const TokenOptions& options,
                                                            const workflow::TokenChoice& choice);
/// pin_was_asked_for is true when a source was named by flag, environment or URI.
[[nodiscard]] bool pin_was_asked_for(const TokenOptions& options, const workflow::TokenChoice& choice);

/// watch_settings says how this command's calls are watched.
[[nodiscard]] WatchSettings watch_settings(const TokenOptions& options, bool generates);

/// surroundings connects a workflow with the terminal. Watch and streams outlive it.
[[nodiscard]] workflow::Surroundings surroundings(CallWatch& watch, Streams& streams);

}  // namespace p11csr::cli
