#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/pkcs11/token_info.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// EnrollStage says how far a card has come; each stage holds those before it.
enum class EnrollStage {
  seen,          // nothing was done to it yet
  initialising,  // its label and the file of its user PIN are written down; it may have got them
  prepared,      // it is initialised and has a user PIN
  assigned,      // its person and all fields of the request are known
  planned,       // label and CKA_ID of its key are written down; the key may be there
  requested,     // its request is signed and verified
  certified,     // the CA's certificate is here
  installed,     // the certificate is on the card and was proved with its key
};

/// stage_name is the enumerator's own spelling.
[[nodiscard]] std::string_view stage_name(EnrollStage stage);
/// parse_stage reads what stage_name gives. Throws Error(malformed_input).
[[nodiscard]] EnrollStage parse_stage(std::string_view name);

/// CardIdentity tells a card from all others (PKCS #11, 3.4: CK_TOKEN_INFO). A blank card may have no serial number.
struct CardIdentity {
  std::string manufacturer;
  std::string model;
  std::string serial;

  /// of takes it from what the token says of itself.
  [[nodiscard]] static CardIdentity of(const TokenInfo& token) {
    return {token.manufacturer, token.model, token.serial};
  }
  friend bool operator==(const CardIdentity&, const CardIdentity&) = default;
};

/// CardRecord is what the journal knows of one card. It holds no PIN. Texts are empty where nothing is known yet.
struct CardRecord {
  CardIdentity card;
  std::string label;  // the token's, or the one that it is to get
  EnrollStage stage = EnrollStage::seen;
  std::string person;                         // as the desk calls the holder
  std::string person_key;                     // of the roster; empty where there is none
  std::map<std::string, std::string> fields;  // what the request is made of, by --set name or column
  unsigned round = 1;                         // how often the card was enrolled, this time included
  std::string key_label;
  std::string key_id;  // hexadecimal
  std::string key_uri;
  std::string spki_sha256;
  std::string request;      // PEM
  std::string certificate;  // PEM, as the CA gave it
  std::string pin_file;     // that holds the user PIN which the card got here; empty where none does
  std::string problem;      // why it has not come further; empty where nothing went wrong
  std::string when;         // UTC, RFC 3339; the journal sets it
};

/// takes_place_of tells that a record is of the same card as an older one. A card that was being initialised is known
/// by its label: a blank one may have no serial number, and C_InitToken may give it another one.
[[nodiscard]] bool takes_place_of(const CardRecord& newer, const CardRecord& older);
/// put_record lets a record take the place of those of its card. One of the stage seen takes what was said back.
void put_record(std::vector<CardRecord>& records, CardRecord record);

/// EnrollJournal remembers where each card stands, longer than the process lives.
class EnrollJournal {
 public:
  virtual ~EnrollJournal() = default;
  /// find gives the card's last record.
  [[nodiscard]] virtual std::optional<CardRecord> find(const CardIdentity& card) const = 0;
  /// records gives the last record of each card, in the order in which the cards were first seen.
  [[nodiscard]] virtual std::vector<CardRecord> records() const = 0;
  /// write keeps a record for good before it returns. Throws Error(file_failed).
  virtual void write(CardRecord record) = 0;
};

}  // namespace p11csr::workflow
#pragma GCC visibility pop
