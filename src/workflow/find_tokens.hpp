#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/surroundings.hpp>

#include "pkcs11/module.hpp"
#include "pkcs11/token.hpp"
#include "pkcs11/uri.hpp"

namespace p11csr::workflow {

/// Found is what a search for tokens saw.
struct Found {
  std::vector<pkcs11::Token> matching;
  std::vector<std::string> others;    // URIs of tokens that are there but do not match
  std::vector<std::string> failures;  // modules that did not start, and slots of one among several modules
  std::vector<Error> slot_failures;   // why slots of the one module that was named could not be asked
  /// The modules that started. They stay loaded as long as this lives: not every one can be started twice
  /// (openCryptoki's software token crashes).
  std::vector<std::shared_ptr<const pkcs11::Module>> modules;
};

/// token_uri_of reads the choice's URI, where it is one. Throws Error(malformed_input), Error(usage) for a pin-value.
[[nodiscard]] std::optional<pkcs11::Uri> token_uri_of(const TokenChoice& choice);

/// names_one_module is true where the choice or a URI leaves one module only.
[[nodiscard]] bool names_one_module(const TokenChoice& choice, const std::vector<const pkcs11::Uri*>& uris);

/// module_files gives the modules that a token may be in: the one that was named, or that a URI names, else all that
/// are registered with p11-kit. Throws Error(module_unusable) for a name that is not registered.
[[nodiscard]] std::vector<pkcs11::ModuleFile> module_files(const TokenChoice& choice,
                                                           const std::vector<const pkcs11::Uri*>& uris);

/// find_tokens loads these modules one after the other and keeps those of which a token matches every URI and is
/// wanted. Throws Error where the one module that was named fails.
[[nodiscard]] Found find_tokens(const TokenChoice& choice, const std::vector<const pkcs11::Uri*>& uris,
                                const std::function<bool(const pkcs11::Token&)>& wanted,
                                const Surroundings& surroundings);

/// add_unmatched adds what is there to Found::others once nothing has matched a URI: looking at tokens that nobody
/// named costs calls.
void add_unmatched(Found& found);

}  // namespace p11csr::workflow
