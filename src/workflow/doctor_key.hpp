#pragma once

#include <vector>

#include <p11csr/model/key_spec.hpp>
#include <p11csr/workflow/doctor.hpp>

#include "pkcs11/login.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/token.hpp"

namespace p11csr::workflow {

/// KeyTrial is where key pairs are made to see how they turn out: in a session, or on the token and deleted again.
struct KeyTrial {
  const pkcs11::Session& session;
  const pkcs11::Login& login;
  const pkcs11::Token& token;
  const std::vector<CK_MECHANISM_TYPE>& listed;
  bool on_token;
};

/// try_kind makes one pair and has it sign by every mechanism that is listed for it.
void try_kind(const KeyTrial& trial, const KeySpec& kind, Ability& ability);

/// observe_pairs makes two pairs, one with all attributes that the gate judges and one with the fewest, and tells how
/// the token makes, shows and deletes them.
[[nodiscard]] std::vector<Observation> observe_pairs(const KeyTrial& trial, const KeySpec& kind);

}  // namespace p11csr::workflow
