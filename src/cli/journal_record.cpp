#include "cli/journal_record.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>

#include <p11csr/model/error.hpp>

#include "cli/table.hpp"
#include "model/csv_text.hpp"

namespace p11csr::cli {
namespace {

using workflow::CardRecord;

std::set<std::string> field_names(const std::vector<CardRecord>& records) {
  std::set<std::string> names;
  for (const CardRecord& each : records)
    for (const auto& [name, value] : each.fields) names.insert(name);
  return names;
}

// The library would turn any number into one, 1e99 too.
unsigned round_of(const Json& json) {
  constexpr auto most = std::numeric_limits<unsigned>::max();
  if (json.is_number_unsigned() && json.get<std::uint64_t>() <= most) return json.get<unsigned>();
  throw Error(Errc::malformed_input, "this is no record of a card: its round is no whole number");
}

}  // namespace

Json record_json(const CardRecord& record) {
  Json json{{"serial", record.card.serial},
            {"manufacturer", record.card.manufacturer},
            {"model", record.card.model},
            {"label", record.label},
            {"stage", workflow::stage_name(record.stage)},
            {"person", record.person},
            {"person_key", record.person_key},
            {"fields", Json::object()},
            {"round", record.round},
            {"key",
             {{"label", record.key_label},
              {"id", record.key_id},
              {"uri", record.key_uri},
              {"spki_sha256", record.spki_sha256}}},
            {"request", record.request},
            {"certificate", record.certificate},
            {"pin_file", record.pin_file},
            {"problem", record.problem},
            {"when", record.when}};
  for (const auto& [name, value] : record.fields) json["fields"][name] = value;
  return json;
}

CardRecord record_of(const Json& json) {
  try {
    CardRecord record;
    record.card = {json.at("manufacturer"), json.at("model"), json.at("serial")};
    record.label = json.at("label");
    record.stage = workflow::parse_stage(json.at("stage").get<std::string>());
    record.person = json.at("person");
    record.person_key = json.at("person_key");
    for (const auto& [name, value] : json.at("fields").items()) record.fields[name] = value.get<std::string>();
    record.round = round_of(json.at("round"));
    const Json& key = json.at("key");
    record.key_label = key.at("label");
    record.key_id = key.at("id");
    record.key_uri = key.at("uri");
    record.spki_sha256 = key.at("spki_sha256");
    record.request = json.at("request");
    record.certificate = json.at("certificate");
    record.pin_file = json.value("pin_file", "");  // not in journals of before
    record.problem = json.at("problem");
    record.when = json.at("when");
    return record;
  } catch (const Json::exception& error) {
    throw Error(Errc::malformed_input, std::string("this is no record of a card: ") + error.what());
  }
}

std::string records_csv(const std::vector<CardRecord>& records) {
  const auto names = field_names(records);
  std::vector<std::string> header{"serial",  "label",       "stage",    "person",  "key_label", "key_id",
                                  "key_uri", "spki_sha256", "pin_file", "problem", "when"};
  for (const std::string& name : names) header.push_back("field." + name);
  std::string text = model::csv_line(header);
  for (const CardRecord& each : records) {
    std::vector<std::string> row{each.card.serial, each.label,       std::string(workflow::stage_name(each.stage)),
                                 each.person,      each.key_label,   each.key_id,
                                 each.key_uri,     each.spki_sha256, each.pin_file,
                                 each.problem,     each.when};
    for (const std::string& name : names) {
      const auto found = each.fields.find(name);
      row.push_back(found == each.fields.end() ? "" : found->second);
    }
    text += model::csv_line(row);
  }
  return text;
}

std::string records_table(const std::vector<CardRecord>& records) {
  Table table({"SERIAL", "CARD", "STAGE", "PERSON", "KEY", "WHEN", "PROBLEM"});
  for (const CardRecord& each : records)
    table.add({each.card.serial, each.label, std::string(workflow::stage_name(each.stage)), each.person, each.key_label,
               each.when, each.problem});
  return table.text();
}

}  // namespace p11csr::cli
