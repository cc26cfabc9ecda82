#pragma once

#include <optional>
#include <string>
#include <vector>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/model/bytes.hpp>
#include <p11csr/pkcs11/key_origin.hpp>
#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/surroundings.hpp>
#include <p11csr/x509/description.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// WhereToLook names the one token that may hold the document's key. Without log_in no PIN is asked for, and private
/// keys mostly cannot be seen.
struct WhereToLook {
  TokenChoice token;
  PinChoice pin;
  bool log_in = false;
};

/// PrivateHalf is a private key whose public half is the one that was looked for.
struct PrivateHalf {
  std::string uri;
  KeyOrigin origin;
  OriginVerdict verdict;
};

/// KeyPresence: `private_key` was seen and is this key's; `public_part` is there, and private keys cannot be seen
/// without a login; `unclear` means that a private key is there that may or may not be this key's.
enum class KeyPresence { private_key, public_part, unclear, absent };

/// KeyOnToken is what a token has of one key, found by its value. Lists hold RFC 7512 URIs.
struct KeyOnToken {
  TokenInfo token;
  bool logged_in = false;
  KeyPresence presence = KeyPresence::absent;
  std::vector<std::string> public_keys;
  std::vector<std::string> certificates;
  std::vector<PrivateHalf> private_keys;  // one that is not bound to the hardware comes first
  std::vector<std::string> unclear_keys;  // private keys that may be this one
  std::string unclear_because;
};

/// Inspection is what a request or certificate says, and where its key was looked for what was found.
struct Inspection {
  x509::Description document;
  std::optional<KeyOnToken> on_token;  // absent too where the document's key is of a kind that cannot be looked for
};

/// inspect describes one request or certificate. Without `where` no module is loaded. A signature that does not verify
/// and a key that is not there are results, not errors. Throws Error.
[[nodiscard]] Inspection inspect(ByteView input, const std::optional<WhereToLook>& where,
                                 const Surroundings& surroundings);

/// find_on_token looks for a key by its public value. Throws Error.
[[nodiscard]] KeyOnToken find_on_token(const WhereToLook& where, const crypto::PublicKey& key,
                                       const Surroundings& surroundings);

}  // namespace p11csr::workflow
#pragma GCC visibility pop
