#include "workflow/find_tokens.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "pkcs11/registry.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::ModuleFile;
using pkcs11::Token;
using pkcs11::Uri;

std::vector<Token> keep_failures(pkcs11::TokenList list, Found& found) {
  found.slot_failures.insert(found.slot_failures.end(), list.failures.begin(), list.failures.end());
  return std::move(list.tokens);
}

// A token that cannot be asked is not the one that is wanted, as far as is known.
bool is_wanted(const Token& token, const std::function<bool(const Token&)>& wanted, Found& found) {
  try {
    return wanted(token);
  } catch (const Error& error) {
    if (error.code() == Errc::interrupted) throw;
    found.slot_failures.push_back(error);
    return false;
  }
}

void add_tokens_of(const ModuleFile& file, const std::vector<const Uri*>& uris,
                   const std::function<bool(const Token&)>& wanted, const Surroundings& surroundings, Found& found) {
  const auto module = pkcs11::Module::load(file, surroundings.monitor);
  found.modules.push_back(module);
  // The first URI is asked of the module; what is left must match the others too.
  auto tokens = keep_failures(pkcs11::list_tokens(module, uris.empty() ? nullptr : uris.front()), found);
  if (uris.size() > 1) {
    const auto also = keep_failures(pkcs11::list_tokens(module, uris.back()), found);
    const auto unmatched = [&also](const Token& token) {
      return std::none_of(also.begin(), also.end(), [&token](const Token& other) { return other.slot == token.slot; });
    };
    tokens.erase(std::remove_if(tokens.begin(), tokens.end(), unmatched), tokens.end());
  }
  for (Token& token : tokens) {
    if (is_wanted(token, wanted, found))
      found.matching.push_back(std::move(token));
    else if (token.info.initialized)
      found.others.push_back(token.info.uri);
  }
}

}  // namespace

std::optional<Uri> token_uri_of(const TokenChoice& choice) {
  if (!choice.token || !Uri::looks_like(*choice.token)) return std::nullopt;
  Uri uri = Uri::parse(*choice.token);
  if (uri.has_pin_value())
    throw Error(Errc::usage, "a pin-value in a URI on the command line is visible to every user of this machine",
                "use --pin-source, or put the URI into the environment variable P11CSR_TOKEN");
  return uri;
}

bool names_one_module(const TokenChoice& choice, const std::vector<const Uri*>& uris) {
  return choice.module ||
         std::any_of(uris.begin(), uris.end(), [](const Uri* uri) { return uri->module_path() || uri->module_name(); });
}

std::vector<ModuleFile> module_files(const TokenChoice& choice, const std::vector<const Uri*>& uris) {
  const auto with_choice = [&choice](ModuleFile file) {
    if (!choice.module_arguments.empty()) file.init_arguments = choice.module_arguments;
    file.trusted = file.trusted || choice.trust_module;
    return file;
  };
  if (choice.module) return {with_choice({*choice.module, "", false})};
  for (const Uri* uri : uris) {
    if (uri->module_path()) return {with_choice({*uri->module_path(), "", false})};
    if (uri->module_name()) return {with_choice(pkcs11::module_by_name(*uri->module_name()))};
  }
  auto files = pkcs11::registered_modules();
  std::transform(files.begin(), files.end(), files.begin(), with_choice);
  return files;
}

Found find_tokens(const TokenChoice& choice, const std::vector<const Uri*>& uris,
                  const std::function<bool(const Token&)>& wanted, const Surroundings& surroundings) {
  Found found;
  const bool one = names_one_module(choice, uris);
  for (const ModuleFile& file : module_files(choice, uris)) {
    try {
      add_tokens_of(file, uris, wanted, surroundings, found);
    } catch (const Error& error) {
      if (one || error.code() == Errc::interrupted) throw;
      found.failures.push_back(fmt::format("{} ({})", error.what(), error.call()));
    }
  }
  if (one) return found;
  for (const Error& error : found.slot_failures)
    found.failures.push_back(fmt::format("{} ({})", error.what(), error.call()));
  found.slot_failures.clear();
  return found;
}

void add_unmatched(Found& found) {
  for (const auto& module : found.modules) {
    try {
      for (const Token& token : pkcs11::list_tokens(module, nullptr).tokens)
        if (token.info.initialized) found.others.push_back(token.info.uri);
    } catch (const Error& error) {
      if (error.code() == Errc::interrupted) throw;
    }
  }
}

}  // namespace p11csr::workflow
