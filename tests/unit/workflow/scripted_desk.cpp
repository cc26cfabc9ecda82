#include "unit/workflow/scripted_desk.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <stdexcept>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/x509/certification_request.hpp>

#include "unit/x509/software_signer.hpp"

namespace p11csr::test {
namespace {

template <typename Value>
Value next(std::deque<Value>& values, Value otherwise) {
  if (values.empty()) return otherwise;
  Value first = std::move(values.front());
  values.pop_front();
  return first;
}

}  // namespace

std::optional<CardRecord> MemoryJournal::find(const workflow::CardIdentity& card) const {
  const auto found = std::find_if(last.begin(), last.end(), [&](const CardRecord& each) { return each.card == card; });
  if (found == last.end()) return std::nullopt;
  return *found;
}

void MemoryJournal::write(CardRecord record) {
  stages.push_back(record.stage);
  workflow::put_record(last, std::move(record));
}

void ScriptedDesk::tell(EnrollStep /*unused*/, const std::string& text) { told.push_back(text); }

DeskAnswer ScriptedDesk::choose(const workflow::DeskQuestion& question) {
  asked.push_back(question);
  if (asked.size() == interrupted_at) throw Error(Errc::interrupted, "stopped at the desk");
  if (asked.size() > 100) throw std::logic_error("the session asks for ever");
  return next(answers, question.answers.front());
}

workflow::Chosen<std::size_t> ScriptedDesk::person(const std::vector<Person>& /*unused*/, const TokenInfo& /*unused*/) {
  return {next(people, std::size_t{0})};
}

workflow::Chosen<std::string> ScriptedDesk::field(const workflow::FieldQuestion& question) {
  fields_asked.push_back(question);
  auto& typed = fields[question.name];
  if (typed.empty()) return {std::nullopt, DeskAnswer::skip};
  return {next(typed, std::string())};
}

DeskAnswer ScriptedDesk::approve(const std::string& /*unused*/, const workflow::ToBeSigned& content) {
  approved.push_back(content.sha256);
  return next(approvals, DeskAnswer::go_on);
}

Secret ScriptedDesk::new_pin(const TokenInfo& /*unused*/) { return Secret::from_text("1234"); }

std::optional<Secret> ScriptedDesk::pin_in(const std::string& file, const TokenInfo& /*unused*/) {
  return file == new_pin_file ? std::optional<Secret>(Secret::from_text("1234")) : std::nullopt;
}

Error ScriptedDesk::pin_is_not_set(const Error& error, bool sent) {
  ++pins_not_set;
  if (!sent) new_pin_file.clear();
  return error;
}

bool ScriptedDesk::was_told(const std::string& text) const {
  return std::any_of(told.begin(), told.end(),
                     [&text](const std::string& each) { return each.find(text) != std::string::npos; });
}

CardStation::Cards FakeStation::wait(const std::function<bool(const Cards&)>& enough) {
  while (true) {
    const Cards cards = in_reader ? Cards{*in_reader} : Cards{};
    if (enough(cards)) return cards;
    if (queue.empty()) throw Error(Errc::interrupted, "nobody puts in another card");
    in_reader.reset();
    if (enough({})) return {};
    in_reader = queue.front();
    queue.pop_front();
  }
}

void FakeStation::fail(const std::string& work, Error error, bool pulled) {
  failures_.push_back({work, std::move(error), pulled});
}

void FakeStation::fail_where_told(const std::string& work) {
  if (failures_.empty() || failures_.front().work != work) return;
  const Failure failure = failures_.front();
  failures_.pop_front();
  if (failure.pulled) taken_out = std::exchange(in_reader, std::nullopt);
  throw failure.error;
}

TokenInfo FakeStation::initialise(const TokenInfo& card, const workflow::CardSetup& setup) {
  static_cast<void>(setup.new_pin(card));
  setup.about_to_initialize();
  fail_where_told("initialise");
  in_reader = card_with_pin("new-" + std::to_string(++serial_));
  in_reader->label = setup.label;
  in_reader->user_pin_initialized = false;
  fail_where_told("login of the officer");
  setup.about_to_set_pin();
  in_reader->user_pin_initialized = true;
  fail_where_told("look at the new card");
  return *in_reader;
}

TokenInfo FakeStation::set_pin(const TokenInfo& card, const workflow::NewPinReader& new_pin) {
  static_cast<void>(new_pin(card));
  fail_where_told("set_pin");
  in_reader->user_pin_locked = false;
  in_reader->user_pin_initialized = true;
  return *in_reader;
}

workflow::RequestReport FakeStation::request(const TokenInfo& card, workflow::RequestOptions options) {
  const auto& wanted = std::get<workflow::GenerateKey>(options.key);
  labels.push_back(wanted.label);
  ids.push_back(to_hex(wanted.id.value()));
  if_exists.push_back(wanted.if_exists);
  fail_where_told("look");
  if (wanted.replace && !in_slot.empty() && !wanted.replace(in_slot)) throw Error(Errc::interrupted, "not replaced");
  if (wanted.about_to_generate) wanted.about_to_generate();
  fail_where_told("request");
  const auto algorithm = workflow::signature_algorithm(options, wanted.kind);
  SoftwareSigner signer(wanted.kind, algorithm);
  const Bytes spki = signer.subject_public_key_info();
  const std::vector<x509::LintFinding> no_findings;
  const workflow::ToBeSigned shown{options.spec,
                                   card,
                                   "EC P-256",
                                   "pkcs11:",
                                   crypto::sha256_text(spki),
                                   crypto::sha256_text(x509::certification_request_info(options.spec, spki)),
                                   no_findings};
  if (!options.approve(shown)) throw Error(Errc::interrupted, "not approved");
  workflow::KeyReport key;
  key.uri = "pkcs11:object=" + wanted.label;
  key.algorithm = "EC P-256";
  key.spki_sha256 = crypto::sha256_text(spki);
  key.generated = true;
  return {x509::build(options.spec, signer), algorithm, std::move(key), card, options.spec, false, {}};
}

workflow::InstallReport FakeStation::install(const TokenInfo& /*unused*/, const std::string& certificate,
                                             const std::string& request) {
  fail_where_told("install");
  EXPECT_NE(request.find("BEGIN CERTIFICATE REQUEST"), std::string::npos);
  installed.push_back(certificate);
  return {};
}

std::vector<std::string> NameComposer::missing(const Fields& fields) const {
  return fields.count("name") != 0 ? std::vector<std::string>{} : std::vector<std::string>{"name"};
}

void NameComposer::check(const Fields& fields) const { static_cast<void>(Subject::parse("CN=" + fields.at("name"))); }

workflow::RequestOptions NameComposer::compose(const Fields& fields) const {
  const std::string& name = fields.at("name");
  return {.token = {},
          .pin = {},
          .key = workflow::GenerateKey{EcKey{NamedCurve::p256}, "key-" + name, id},
          .spec = RequestSpec(Subject::parse("CN=" + name), {}, {}),
          .digest = std::nullopt,
          .preferred_digest = std::nullopt,
          .padding = std::nullopt,
          .allow_extractable = false,
          .lint = {},
          .allow_key = {},
          .confirm = std::nullopt,
          .approve = {}};
}

void MemoryFiles::require_free(const std::string& label) {
  if (requests.count(label) != 0) throw Error(Errc::file_exists, "'" + label + "' exists");
}

std::string MemoryFiles::keep(const std::string& label, const std::string& pem) {
  requests[label] = pem;
  return label + ".csr";
}

TokenInfo blank_card() {
  TokenInfo card;
  card.model = "blank";
  return card;
}

TokenInfo card_with_pin(const std::string& serial) {
  TokenInfo card;
  card.label = "card";
  card.serial = serial;
  card.initialized = true;
  card.user_pin_initialized = true;
  return card;
}

Person person(const std::string& name) { return {name, name, {{"name", name}}, {}, {}}; }

}  // namespace p11csr::test
