#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <p11csr/model/pin_source.hpp>
#include <p11csr/model/secret.hpp>
#include <p11csr/pkcs11/call_monitor.hpp>
#include <p11csr/pkcs11/token_info.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// TokenChoice says which token is meant; exactly one must match.
struct TokenChoice {
  std::optional<std::string> module;  // path of the module's file; else the URI's, else every registered module
  std::string module_arguments;       // CK_C_INITIALIZE_ARGS.pReserved
  bool trust_module = false;          // load it although others could write to it
  std::optional<std::string> token;   // a label or an RFC 7512 URI
  std::shared_ptr<Secret> pin;        // the token's PIN, where it came with its name; it is moved out by its use
};

/// PinChoice says where a PIN comes from: what was asked for, else the token's or key's URI, else the default.
struct PinChoice {
  std::optional<PinSource> asked;
  PinSource otherwise = PinFromPrompt{};
  bool allow_final_try = false;
};

/// OfficerChoice says where the security officer's PIN (the SO PIN) comes from.
struct OfficerChoice {
  PinSource source = PinFromPrompt{};
  bool allow_final_try = false;
};

/// Surroundings is the world that a workflow may speak to. Every function may be empty but read_pin, where a login
/// happens (std::bad_function_call otherwise). What they throw comes out of the workflow.
struct Surroundings {
  CallMonitor* monitor = nullptr;
  /// read_pin fetches the PIN that an owner has for a token; it is called once for each owner at most.
  std::function<Secret(const PinSource&, PinOwner, const TokenInfo&)> read_pin;
  /// say is told what a person should know at once: warnings, "enter the PIN on the PIN pad".
  std::function<void(const std::string&)> say;
};

}  // namespace p11csr::workflow
#pragma GCC visibility pop
