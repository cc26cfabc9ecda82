#include <algorithm>
#include <iterator>

#include <p11csr/workflow/keys.hpp>

#include "pkcs11/mechanisms.hpp"
#include "workflow/open_token.hpp"

namespace p11csr::workflow {

std::vector<TokenInfo> list_tokens(const TokenChoice& choice, const Surroundings& surroundings) {
  std::vector<TokenInfo> infos;
  for (const pkcs11::Token& token : all_tokens(choice, surroundings)) infos.push_back(token.info);
  return infos;
}

TokenReport show_token(const TokenChoice& choice, const Surroundings& surroundings) {
  const OpenToken open = open_token(choice, nullptr, surroundings);
  TokenReport report{open.token.info, {}};
  const auto listed = pkcs11::list_mechanisms(open.token);
  std::transform(listed.begin(), listed.end(), std::back_inserter(report.mechanisms), pkcs11::mechanism_name);
  return report;
}

}  // namespace p11csr::workflow
