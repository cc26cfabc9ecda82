#include "cli/self_verification.hpp"

namespace p11csr::cli {

void declare_self_verification(Options& options, bool& waived) {
  options.flag(
      "--no-self-verify", waived,
      "take a signature that OpenSSL cannot verify here (ML-DSA before 3.5); a wrong one is refused all the same",
      Rarity::rare);
}

x509::SelfVerification self_verification(bool waived) {
  return waived ? x509::SelfVerification::where_possible : x509::SelfVerification::required;
}

}  // namespace p11csr::cli
