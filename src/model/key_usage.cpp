#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/model/extension_request.hpp>

#include "model/ascii.hpp"
#include "model/named.hpp"
#include "model/quote.hpp"

namespace p11csr {

namespace {

using NamedBit = model::Named<KeyUsageBit>;

// RFC 5280, 4.2.1.3: "recent editions of X.509 have renamed the nonRepudiation bit to contentCommitment".
constexpr std::array named_bits = {
    NamedBit{"digitalSignature", KeyUsageBit::digital_signature},
    NamedBit{"contentCommitment", KeyUsageBit::content_commitment},
    NamedBit{"nonRepudiation", KeyUsageBit::content_commitment},
    NamedBit{"keyEncipherment", KeyUsageBit::key_encipherment},
    NamedBit{"dataEncipherment", KeyUsageBit::data_encipherment},
    NamedBit{"keyAgreement", KeyUsageBit::key_agreement},
    NamedBit{"keyCertSign", KeyUsageBit::key_cert_sign},
    NamedBit{"cRLSign", KeyUsageBit::crl_sign},
    NamedBit{"encipherOnly", KeyUsageBit::encipher_only},
    NamedBit{"decipherOnly", KeyUsageBit::decipher_only},
};

}  // namespace

KeyUsage KeyUsage::parse(std::string_view list) {
  KeyUsage usage;
  for (const auto piece : model::split(list, ',')) {
    const auto name = model::trimmed(piece);
    if (name.empty()) {
      throw Error(Errc::malformed_input, fmt::format("the key usage list {} names nothing", model::in_quotes(list)),
                  "write it like digitalSignature,keyEncipherment");
    }
    const KeyUsageBit bit = model::parse_named(named_bits, name, model::Case::ignored, "key usage", "key usages");
    if (std::find(usage.bits_.begin(), usage.bits_.end(), bit) != usage.bits_.end()) {
      throw Error(Errc::malformed_input, fmt::format("the key usage {} is given twice", model::in_quotes(name)),
                  bit == KeyUsageBit::content_commitment ? "contentCommitment and nonRepudiation are one bit" : "");
    }
    usage.bits_.push_back(bit);
  }
  std::sort(usage.bits_.begin(), usage.bits_.end());
  return usage;
}

std::string_view key_usage_name(KeyUsageBit bit) { return model::name_of(named_bits, bit); }

}  // namespace p11csr
