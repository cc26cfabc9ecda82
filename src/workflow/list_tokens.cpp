#include <algorithm>
#include <iterator>

#include <p11csr/workflow/keys.hpp>

#include "pkcs11/mechanisms.hpp"
#include "workflow/find_tokens.hpp"
#include "workflow/open_token.hpp"

namespace p11csr::workflow {

std::vector<TokenInfo> list_tokens(const TokenChoice& choice, const Surroundings& surroundings) {
  std::vector<TokenInfo> infos;
  for (const pkcs11::Token& token : all_tokens(choice, surroundings)) infos.push_back(token.info);
  return infos;
}

TokenReport show_token(const TokenChoice& choice, const Surroundings& surroundings) {
  const pkcs11::Token token = token_to_show(choice, surroundings);
  TokenReport report{token.info, {}, {}};
  for (const CK_MECHANISM_TYPE mechanism : pkcs11::list_mechanisms(token)) {
    report.mechanisms.push_back(pkcs11::mechanism_name(mechanism));
    if (pkcs11::serves_requests(mechanism)) report.for_requests.push_back(report.mechanisms.back());
  }
  return report;
}

std::vector<TokenChoice> by_module(const TokenChoice& choice) {
  const auto uri = token_uri_of(choice);
  std::vector<const pkcs11::Uri*> uris;
  if (uri) uris.push_back(&*uri);
  std::vector<TokenChoice> choices;
  for (const pkcs11::ModuleFile& file : module_files(choice, uris)) {
    TokenChoice one;
    one.module = file.path;
    one.module_arguments = file.init_arguments;
    one.trust_module = file.trusted;
    one.token = choice.token;
    choices.push_back(std::move(one));
  }
  return choices;
}

}  // namespace p11csr::workflow
