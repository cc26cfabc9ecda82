#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <utility>

#include <p11csr/crypto/digest.hpp>

#include "workflow/enroll_card.hpp"

namespace p11csr::workflow {

using enum DeskAnswer;

EnrollStep CardEnrollment::choose_person() {
  if (record_.stage >= EnrollStage::requested) return EnrollStep::certificate;
  if (!options_.has_roster || !record_.person.empty()) return EnrollStep::fields;
  const std::vector<Person> free = free_people();
  const auto meant = std::find_if(free.begin(), free.end(),
                                  [&](const Person& each) { return !each.card.empty() && each.card == card_.serial; });
  if (meant != free.end()) return take_person(*meant);
  std::vector<Person> any;
  std::copy_if(free.begin(), free.end(), std::back_inserter(any), [](const Person& each) { return each.card.empty(); });
  if (any.empty()) {
    tell(EnrollStep::person, "nobody on the roster is left for this card");
    return end_with(EnrollEnd::set_aside);
  }
  const auto chosen = options_.desk->person(any, card_);
  return chosen.value ? take_person(any.at(*chosen.value)) : follow(EnrollStep::person, chosen.instead);
}

EnrollStep CardEnrollment::take_person(const Person& person) {
  record_.person = person.name;
  record_.person_key = person.key;
  record_.fields = person.fields;
  tell(EnrollStep::person, fmt::format("{} is for {}", card_text(card_), person.name));
  return EnrollStep::fields;
}

// Nothing where there is a value now; else what was decided instead.
std::optional<DeskAnswer> CardEnrollment::ask_field(const std::string& name, RequestComposer::Fields& fields) const {
  FieldQuestion question{name, {}, {}};
  if (const auto current = fields.find(name); current != fields.end()) question.current = current->second;
  while (true) {
    const auto answer = options_.desk->field(question);
    if (!answer.value) return answer.instead;
    fields[name] = *answer.value;
    try {
      options_.composer->check(fields);
      return std::nullopt;
    } catch (const Error& error) {
      if (!is_about_content(error.code())) throw;
      question.objection = error_text(error);
      fields.erase(name);
    }
  }
}

EnrollStep CardEnrollment::ask_fields() {
  RequestComposer::Fields fields = record_.fields;
  const RequestComposer::Fields given = std::exchange(asks_all_fields_, false) ? RequestComposer::Fields() : fields;
  for (const std::string& name : options_.composer->missing(given))
    if (const auto instead = ask_field(name, fields)) return follow(EnrollStep::fields, *instead);
  static_cast<void>(options_.composer->compose(fields));
  record_.fields = std::move(fields);
  if (record_.stage < EnrollStage::assigned) reach(EnrollStage::assigned);
  return EnrollStep::request;
}

// Label and ID are in the journal before the key can be on the card: a card that is pulled out meanwhile is no riddle.
// They are not there before the place is known to be free: what is in it afterwards is the key of this plan.
void CardEnrollment::plan_key(GenerateKey& wanted) {
  if (!record_.key_label.empty()) {
    wanted.label = record_.key_label;
    wanted.id = from_hex(record_.key_id, "the journal's key ID");
    // With leave to replace, what is there may be what was to go.
    if (!wanted.replace) wanted.if_exists = IfExists::resume;
    return;
  }
  // The keys of earlier rounds are still on the card.
  if (record_.round > 1) wanted.label += fmt::format("-{}", record_.round);
  options_.files->require_free(wanted.label);
  constexpr std::size_t octets = 16;
  if (!wanted.id) wanted.id = crypto::random_bytes(octets);
  wanted.about_to_generate = [this, label = wanted.label, id = to_hex(*wanted.id)] {
    record_.key_label = label;
    record_.key_id = id;
    reach(EnrollStage::planned);
  };
}

EnrollStep CardEnrollment::request() {
  RequestOptions wanted = options_.composer->compose(record_.fields);
  DeskAnswer answer = go_on;
  auto& key = std::get<GenerateKey>(wanted.key);
  if (options_.replace_keys && key.id)
    key.replace = [&](const std::vector<std::string>& uris) {
      answer = ask(EnrollStep::request, fmt::format("replace for ever what is there, {}?", fmt::join(uris, " and ")),
                   {go_on, skip, stop});
      return answer == go_on;
    };
  const bool planned_before = !record_.key_label.empty();
  plan_key(key);
  wanted.approve = [&](const ToBeSigned& content) {
    answer = options_.desk->approve(record_.person, content);
    return answer == go_on;
  };
  try {
    return after_request(options_.station->request(card_, std::move(wanted)));
  } catch (const Error& error) {
    if (answer == go_on) throw;
    // A key that was made for it is gone: another label may come of other fields. One that was there already stays, and
    // stays planned.
    if (!planned_before) {
      record_.key_label.clear();
      record_.key_id.clear();
      reach(EnrollStage::assigned);
    }
    tell(EnrollStep::request, error.what());
    return follow(EnrollStep::request, answer);
  }
}

EnrollStep CardEnrollment::after_request(const RequestReport& report) {
  record_.key_uri = report.key.uri;
  record_.spki_sha256 = report.key.spki_sha256;
  record_.request = report.request.pem();
  reach(EnrollStage::requested);
  tell(EnrollStep::request, fmt::format("{} key {}, its request is signed and verified", report.key.algorithm,
                                        report.key.generated ? "generated" : "found"));
  return EnrollStep::certificate;
}

EnrollStep CardEnrollment::certificate() {
  if (record_.stage >= EnrollStage::certified) return EnrollStep::install;
  const std::string path = options_.files->keep(record_.key_label, record_.request);
  tell(EnrollStep::request, fmt::format("the request is in '{}'", path));
  if (!options_.certificate) return end_with(EnrollEnd::finished);
  tell(EnrollStep::certificate, fmt::format("waiting for the certificate of '{}'", record_.key_label));
  DeskAnswer instead = go_on;
  // The CA is not bothered twice because somebody looks up.
  const auto given_up_waiting = [&] {
    if (options_.desk->is_called())
      instead = ask(EnrollStep::certificate, "still waiting for the certificate", {go_on, skip, stop});
    return instead != go_on;
  };
  const auto answer = options_.certificate(record_, given_up_waiting);
  if (!answer) return follow(EnrollStep::certificate, instead);
  record_.certificate = *answer;
  reach(EnrollStage::certified);
  return EnrollStep::install;
}

EnrollStep CardEnrollment::install() {
  const auto report = options_.station->install(card_, record_.certificate, record_.request);
  for (const auto& change : report.changes)
    tell(EnrollStep::install, fmt::format("the CA changed {}: {} was requested, {} issued", change.what,
                                          change.requested.empty() ? "none" : change.requested,
                                          change.issued.empty() ? "none" : change.issued));
  record_.key_uri = report.key_uri;
  reach(EnrollStage::installed);
  tell(EnrollStep::install, fmt::format("the certificate is on {} and proved with its key", card_text(card_)));
  return end_with(EnrollEnd::finished);
}

std::vector<Person> CardEnrollment::free_people() const {
  const auto records = options_.journal->records();
  std::vector<Person> free;
  std::vector<Person> with_unfinished_card;
  for (const Person& each : options_.roster) {
    const auto record = std::find_if(records.begin(), records.end(),
                                     [&each](const CardRecord& one) { return one.person_key == each.key; });
    if (record == records.end()) {
      free.push_back(each);
    } else if (!is_served(options_, records, each)) {
      with_unfinished_card.push_back(each);
      with_unfinished_card.back().unfinished_card = record->label;
    }
  }
  free.insert(free.end(), with_unfinished_card.begin(), with_unfinished_card.end());
  return free;
}

}  // namespace p11csr::workflow
