#pragma once

#include <optional>
#include <string>
#include <vector>

#include <p11csr/pkcs11/library_info.hpp>
#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/surroundings.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// Depth is how far examine goes: `look` asks without a login; `session` logs in and makes key pairs that end with the
/// session; `deep` makes pairs on the token and deletes them again.
enum class Depth { look, session, deep };

/// Ability is one kind of key and what the token can do with it for a request.
struct Ability {
  std::string kind;                // "EC P-256"
  bool listed = false;             // the token lists what generates and signs
  std::vector<std::string> signs;  // "CKM_ECDSA, hashed on the host", the best first
  std::string tried;               // what came of it; empty where nothing was tried
  std::optional<bool> works;       // generated, signed and verified; empty where that was not tried
  bool officers = false;           // the token does not make it for its user
};

/// Finding says how what was seen stands to the standard; unknown where it could not be seen.
enum class Finding { as_expected, deviates, unknown };

/// Observation is one point in which tokens differ. `consequence` says what p11csr does about it, or what cannot be
/// done.
struct Observation {
  std::string id;  // stable: "slot-events"
  Finding finding = Finding::unknown;
  std::string seen;
  std::string consequence;
};

/// Examination is what examine found out. It holds no PIN and no secret.
struct Examination {
  LibraryInfo library;
  TokenInfo token;
  Depth depth = Depth::look;
  std::vector<Ability> abilities;
  std::vector<Observation> observations;
};

/// examine looks at a module and a token and at where they deviate from the standard. What it made it deletes again; a
/// part that is left is an Observation that names it. Throws Error where the token cannot be reached or logged in to.
[[nodiscard]] Examination examine(const TokenChoice& choice, const PinChoice& pin, Depth depth,
                                  const Surroundings& surroundings);

}  // namespace p11csr::workflow
#pragma GCC visibility pop
