#include "workflow/batch_keys.hpp"

#include <fmt/format.h>

#include <p11csr/workflow/batch.hpp>

#include "model/counted.hpp"
#include "workflow/open_token.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::Session;

constexpr std::size_t kMostNamed = 20;
constexpr std::size_t needs_a_look = static_cast<std::size_t>(-1);

std::string private_uri(const KeyObject& object, const pkcs11::Token& token) {
  return pkcs11::object_uri(token.info.uri, object.id, object.label, pkcs11::ObjectClass::private_key);
}

std::string id_selector(const Bytes& id) { return "id:" + to_hex(id); }

// All keys of a token that no ledger is about would be told as orphans.
void require_about(const std::string& token, const std::vector<const batch::Ledger*>& ledgers) {
  std::string another;
  for (const batch::Ledger* ledger : ledgers) {
    const std::string about = ledger->setting("token").value_or("");
    if (about == token) return;
    if (!about.empty()) another = about;
  }
  if (!another.empty())
    throw Error(Errc::not_allowed, fmt::format("the ledger is about another token: {}", another),
                "name that one with --token");
}

}  // namespace

void for_each_key(const Session& session, const std::string& token, const std::function<void(const KeyObject&)>& use) {
  for (const bool is_private : {true, false}) {
    for (const auto handle : session.find_all(is_private ? CKO_PRIVATE_KEY : CKO_PUBLIC_KEY)) {
      const auto values = pkcs11::read_attributes(session, handle, {CKA_ID, CKA_LABEL});
      KeyObject object{values.text(CKA_LABEL), values.bytes(CKA_ID), {}, is_private};
      object.uri = pkcs11::object_uri(token, object.id, object.label,
                                      is_private ? pkcs11::ObjectClass::private_key : pkcs11::ObjectClass::public_key);
      use(object);
    }
  }
}

PlannedKeys::PlannedKeys(const Bench& bench, const batch::Ledger& ledger) {
  std::vector<std::string> strangers;
  for_each_key(bench.session, bench.token.info.uri, [&](const KeyObject& object) {
    auto row = ledger.row_of_id(object.id);
    if (row && !ledger.is_new(row->number)) {
      there_.insert(row->number);
      return;
    }
    if (!row) row = ledger.row_of_label(object.label);
    if (row && row->stage < batch::Stage::signed_ && row->plan.selector.empty()) strangers.push_back(object.uri);
  });
  if (strangers.empty()) return;
  const std::size_t count = strangers.size();
  if (count > kMostNamed) {
    strangers.resize(kMostNamed);
    strangers.push_back(fmt::format("and {} more", count - kMostNamed));
  }
  throw Error(
      Errc::key_exists,
      fmt::format("{} on the token {} the label or the ID of a row, and not of this batch; nothing was generated",
                  model::counted(count, "key object"), count == 1 ? "has" : "have"),
      "give those rows other labels and IDs, or delete the keys with p11csr key delete")
      .with_candidates(std::move(strangers));
}

KnownKeys KnownKeys::read(const Bench& bench, bool allow_extractable) {
  const auto& [session, logins, token, surroundings] = bench;
  std::map<Bytes, std::vector<crypto::PublicKey>> halves;
  for (const auto handle : session.find_all(CKO_PUBLIC_KEY)) {
    auto object = pkcs11::read_public_key(session, handle, token.info.uri);
    if (object.key) halves[object.id].push_back(std::move(*object.key));
  }
  KnownKeys known;
  for (const auto handle : session.find_all(CKO_PRIVATE_KEY)) {
    pkcs11::PrivateKey key = pkcs11::read_private_key(session, handle, token.info.uri);
    const auto half = halves.find(key.id);
    const bool plain = key.unusable_because.empty() && half != halves.end() && half->second.size() == 1;
    OriginVerdict verdict = judge_origin(key.origin, kind_for_gate(key), WhoGenerated::unknown);
    const bool usable = plain && (verdict.bound() || allow_extractable);
    const std::size_t index = usable ? known.keys_.size() : needs_a_look;
    for (const std::string& selector : {key.label, id_selector(key.id)}) {
      const auto [entry, is_first] = known.by_selector_.emplace(selector, index);
      if (!is_first) entry->second = needs_a_look;
    }
    if (!usable) continue;
    const crypto::PublicKey& public_key = half->second.front();
    known.keys_.push_back({{std::move(key), public_key, std::move(verdict), false}, public_key.spki_sha256()});
  }
  return known;
}

const KnownKey* KnownKeys::find(const std::string& selector) const {
  const auto found = by_selector_.find(selector);
  if (found == by_selector_.end() || found->second == needs_a_look) return nullptr;
  return &keys_[found->second];
}

OrphanReport find_orphans(const TokenChoice& token, const PinChoice& pin,
                          const std::vector<const batch::Ledger*>& ledgers, const Surroundings& surroundings) {
  OpenToken open = open_token(token, nullptr, surroundings);
  require_about(open.token.info.uri, ledgers);
  const auto session = Session::open(open.token.module, open.token.slot, pkcs11::Access::read_only);
  const auto login = log_in(session, open, pin, surroundings);
  OrphanReport report;
  for_each_key(session, open.token.info.uri, [&](const KeyObject& object) {
    bool owned = false;
    for (const batch::Ledger* ledger : ledgers)
      owned = owned || ledger->row_of_id(object.id) || ledger->names_key(private_uri(object, open.token));
    if (owned)
      ++report.owned;
    else
      report.orphans.push_back(object.uri);
  });
  return report;
}

}  // namespace p11csr::workflow
