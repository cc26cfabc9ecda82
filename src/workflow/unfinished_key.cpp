#include "workflow/unfinished_key.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "pkcs11/keys.hpp"
#include "pkcs11/return_code.hpp"
#include "workflow/signing_key.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::ObjectClass;
using pkcs11::ObjectHandle;
using pkcs11::PrivateKey;

// What fails for another reason than the key says nothing of the key.
bool is_about_key(const Error& error) {
  return !pkcs11::loses_session(error) && !is_about_pin(error.code()) && error.code() != Errc::interrupted;
}

bool signs(const Bench& bench, const PrivateKey& key, const std::vector<CK_MECHANISM_TYPE>& listed) {
  try {
    const auto halves = pkcs11::public_halves(bench.session, key, bench.token.info.uri);
    return std::any_of(halves.begin(), halves.end(), [&](const crypto::PublicKey& half) {
      return signs_for(bench.session, bench.logins.user(), key, half, listed, x509::SelfVerification::where_possible);
    });
  } catch (const Error& error) {
    if (!is_about_key(error)) throw;
    return false;
  }
}

// SoftHSM2 makes the object first, with label and ID, and then in one go what the object holds, and that it was made
// here.
bool is_unfinished(const Bench& bench, ObjectHandle handle, const std::vector<CK_MECHANISM_TYPE>& listed) {
  const PrivateKey key = pkcs11::read_private_key(bench.session, handle, bench.token.info.uri);
  // Each signature of a key that always asks for the PIN would send it once more.
  if (key.origin.local.value_or(false) || key.always_authenticate) return false;
  return !signs(bench, key, listed);
}

void remove(const Bench& bench, const GenerateKey& wanted, const std::vector<ObjectHandle>& handles,
            ObjectClass object_class) {
  for (const auto handle : handles) pkcs11::check(bench.session.destroy(handle), "C_DestroyObject");
  if (handles.empty() || !bench.surroundings.say) return;
  bench.surroundings.say(fmt::format("removed the {} half that a generation which was cut off left: {}",
                                     object_class == ObjectClass::public_key ? "public" : "private",
                                     pkcs11::object_uri(bench.token.info.uri, *wanted.id, wanted.label, object_class)));
}

}  // namespace

void remove_unfinished(const Bench& bench, const GenerateKey& wanted, const std::vector<CK_MECHANISM_TYPE>& listed) {
  if (wanted.if_exists != IfExists::resume || !wanted.id) return;
  pkcs11::AttributeList private_match = match_of(wanted, CKO_PRIVATE_KEY);
  const auto private_halves = bench.session.find(private_match);
  if (private_halves.size() > 1) return;
  if (!private_halves.empty() && !is_unfinished(bench, private_halves.front(), listed)) return;
  pkcs11::AttributeList public_match = match_of(wanted, CKO_PUBLIC_KEY);
  // The private half first: the public one alone is known for what it is when this is cut off, too.
  remove(bench, wanted, private_halves, ObjectClass::private_key);
  remove(bench, wanted, bench.session.find(public_match), ObjectClass::public_key);
}

}  // namespace p11csr::workflow
