#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/model/extension_request.hpp>

#include "model/ascii.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr {

namespace {

struct NamedPurpose {
  std::string_view name;
  std::string_view oid;
};

// The first name of an OID is the one that is printed.
constexpr std::array named_purposes = {
    NamedPurpose{"serverAuth", "1.3.6.1.5.5.7.3.1"},
    NamedPurpose{"clientAuth", "1.3.6.1.5.5.7.3.2"},
    NamedPurpose{"codeSigning", "1.3.6.1.5.5.7.3.3"},
    NamedPurpose{"emailProtection", "1.3.6.1.5.5.7.3.4"},
    NamedPurpose{"ipsecEndSystem", "1.3.6.1.5.5.7.3.5"},
    NamedPurpose{"ipsecTunnel", "1.3.6.1.5.5.7.3.6"},
    NamedPurpose{"ipsecUser", "1.3.6.1.5.5.7.3.7"},
    NamedPurpose{"timeStamping", "1.3.6.1.5.5.7.3.8"},
    NamedPurpose{"OCSPSigning", "1.3.6.1.5.5.7.3.9"},
    NamedPurpose{"eapOverPPP", "1.3.6.1.5.5.7.3.13"},
    NamedPurpose{"eapOverLAN", "1.3.6.1.5.5.7.3.14"},
    NamedPurpose{"ipsecIKE", "1.3.6.1.5.5.7.3.17"},
    NamedPurpose{"sipDomain", "1.3.6.1.5.5.7.3.20"},
    NamedPurpose{"secureShellClient", "1.3.6.1.5.5.7.3.21"},
    NamedPurpose{"secureShellServer", "1.3.6.1.5.5.7.3.22"},
    NamedPurpose{"cmcCA", "1.3.6.1.5.5.7.3.27"},
    NamedPurpose{"cmcRA", "1.3.6.1.5.5.7.3.28"},
    NamedPurpose{"documentSigning", "1.3.6.1.5.5.7.3.36"},
    NamedPurpose{"anyExtendedKeyUsage", "2.5.29.37.0"},
    NamedPurpose{"pkInitClientAuth", "1.3.6.1.5.2.3.4"},
    NamedPurpose{"pkInitKDC", "1.3.6.1.5.2.3.5"},
    NamedPurpose{"msSmartcardLogon", "1.3.6.1.4.1.311.20.2.2"},
    NamedPurpose{"msSmartcardLogin", "1.3.6.1.4.1.311.20.2.2"},
    NamedPurpose{"smartcardLogon", "1.3.6.1.4.1.311.20.2.2"},
    NamedPurpose{"msCodeInd", "1.3.6.1.4.1.311.2.1.21"},
    NamedPurpose{"msCodeCom", "1.3.6.1.4.1.311.2.1.22"},
    NamedPurpose{"msCTLSign", "1.3.6.1.4.1.311.10.3.1"},
    NamedPurpose{"msEFS", "1.3.6.1.4.1.311.10.3.4"},
    NamedPurpose{"msDocumentSigning", "1.3.6.1.4.1.311.10.3.12"},
};

Oid parse_purpose(std::string_view text) {
  if (model::is_digit(text.front())) return Oid::parse(text);
  std::vector<std::string_view> names;
  for (const auto& known : named_purposes) {
    if (model::equal_ignoring_case(known.name, text)) return Oid::parse(known.oid);
    names.push_back(known.name);
  }
  throw Error(Errc::malformed_input, fmt::format("unknown extended key usage {}", model::in_quotes(text)),
              model::did_you_mean(text, names, "use a name such as serverAuth, or a dotted object identifier"));
}

}  // namespace

ExtendedKeyUsage ExtendedKeyUsage::parse(std::string_view list) {
  ExtendedKeyUsage usage;
  for (const auto piece : model::split(list, ',')) {
    const auto name = model::trimmed(piece);
    if (name.empty()) {
      throw Error(Errc::malformed_input,
                  fmt::format("the extended key usage list {} names nothing", model::in_quotes(list)),
                  "write it like serverAuth,clientAuth");
    }
    Oid purpose = parse_purpose(name);
    if (std::find(usage.purposes_.begin(), usage.purposes_.end(), purpose) != usage.purposes_.end()) {
      throw Error(Errc::malformed_input,
                  fmt::format("the extended key usage {} is given twice", model::in_quotes(name)));
    }
    usage.purposes_.push_back(std::move(purpose));
  }
  return usage;
}

std::string purpose_name(const Oid& purpose) {
  const auto found = std::find_if(named_purposes.begin(), named_purposes.end(),
                                  [&](const NamedPurpose& known) { return known.oid == purpose.dotted(); });
  return found == named_purposes.end() ? purpose.dotted() : std::string(found->name);
}

}  // namespace p11csr
