#include "cli/row_composer.hpp"

#include <fmt/format.h>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/workflow/batch.hpp>
#include <p11csr/x509/certification_request.hpp>

#include "cli/json.hpp"
#include "cli/request_folder.hpp"
#include "cli/request_options.hpp"
#include "cli/site.hpp"
#include "model/quote.hpp"
#include "model/utf8.hpp"

namespace p11csr::cli {
namespace {

using workflow::GenerateKey;
using workflow::RequestOptions;

std::string new_key_of(const RequestOptions& options) {
  const auto* wanted = std::get_if<GenerateKey>(&options.key);
  if (wanted == nullptr) return "";
  const auto algorithm = workflow::signature_algorithm(options, wanted->kind);
  return fmt::format("{}, {}", display_name(wanted->kind), signature_name(algorithm));
}

std::string pack(const RowFields& fields) {
  Json json = Json::object();
  for (const auto& [name, value] : fields) {
    model::check_text(value, fmt::format("the column {}", model::in_quotes(name)));
    json[name] = value;
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::strict);
}

RowFields unpack(const std::string& text) {
  RowFields fields;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw Error(Errc::malformed_input, "the ledger holds a row that cannot be read");
  for (const auto& [name, value] : json.items())
    if (value.is_string()) fields[name] = value.get<std::string>();
  return fields;
}

Bytes id_of(const RowFields& fields) {
  constexpr std::size_t octets = 16;
  const auto id = fields.find("id");
  if (id == fields.end()) return crypto::random_bytes(octets);
  return from_hex(id->second, "the column id");
}

}  // namespace

RowComposer::RowComposer(ContentFlags flags, std::string key_column)
    : flags_(std::move(flags)),
      key_column_(std::move(key_column)),
      profile_(chosen_profile(flags_.profile)),
      date_(today()) {
  if (is_note_column(key_column_))
    throw Error(Errc::usage, "a column that begins with '_' is for people only", "name another one with --key-column");
  use_label_as_pattern(flags_, profile_.value);
  if (!flags_.from.empty() || !flags_.openssl_config.empty())
    throw Error(Errc::usage, "--from and --openssl-config are for one request", "put what differs into columns");
  if (!flags_.challenge_password_source.empty())
    throw Error(Errc::usage, "--challenge-password-source is for one request", "leave it away");
}

RequestContent RowComposer::content_of(const RowFields& fields) const {
  return request_content(with_row(flags_, fields), profile_, date_, [](const std::string& /*unused*/) {});
}

std::vector<std::string> RowComposer::columns() const {
  std::vector<std::string> names{"label", "id", "subject", "san"};
  if (!key_column_.empty()) names.push_back(key_column_);
  for (std::string& name : open_fields(profile_.value, flags_)) names.push_back(std::move(name));
  return names;
}

batch::PlannedRow RowComposer::plan(const ManifestRow& row, std::size_t& warnings) const {
  batch::PlannedRow planned;
  planned.line = row.line;
  RowFields fields = row.fields;
  if (!key_column_.empty()) {
    const auto key = fields.find(key_column_);
    if (key == fields.end())
      throw Error(Errc::malformed_input, "the row names no key", "a label, id:HEX or an RFC 7512 URI");
    workflow::check_key_selector(key->second);
    planned.selector = key->second;
    fields.erase(key);
  } else {
    planned.id = id_of(fields);
  }
  planned.fields = pack(fields);
  const RequestContent content = content_of(fields);
  planned.label = label_of(content);
  check_file_label(planned.label);
  const RequestOptions options = options_of(content, planned);
  warnings = workflow::check_request(options).size();
  planned.content = x509::info_without_key(options.spec);
  planned.key = new_key_of(options);
  return planned;
}

RequestOptions RowComposer::compose(const batch::PlannedRow& row) const {
  RequestOptions options = options_of(content_of(unpack(row.fields)), row);
  if (x509::info_without_key(options.spec) != row.content || new_key_of(options) != row.key)
    throw Error(Errc::not_allowed, "the row is not what was planned and judged",
                "restore manifest, profile and flags, or begin another ledger");
  return options;
}

RequestOptions RowComposer::options_of(const RequestContent& content, const batch::PlannedRow& row) {
  if (!row.selector.empty()) return options_for(content, workflow::UseKey{row.selector});
  if (!content.settings.key)
    throw Error(Errc::usage, "nothing says what kind of key is to be made", "say one with --generate ec:P-256");
  return options_for(content, GenerateKey{content.settings.key->value, row.label, row.id});
}

void RowComposer::check_alone(const std::string& name, const std::string& text) const {
  if (name == "label") check_file_label(text);
  if (name == "id") static_cast<void>(from_hex(text, "the column id"));
  if (name == "subject") static_cast<void>(Subject::parse(text));
  if (name == "san")
    for (const std::string& each : split_names(text)) static_cast<void>(parse_general_name(each));
  if (name == key_column_) workflow::check_key_selector(text);
  if (is_flag_column(name) || name == key_column_) return;
  const ContentFlags flags = with_row(flags_, {{name, text}});
  auto given = profile::FieldValues::parse(flags.set);
  given.fill_in("date", date_);
  profile::check_values(profile_.value, flags.requested, given);
}

std::string RowComposer::column_of(const ManifestRow& row, const Error& error) const {
  std::string first;
  for (const auto& [name, text] : row.fields) {
    try {
      check_alone(name, text);
    } catch (const Error& its_own) {
      // Of several bad columns it is the one that is spoken of.
      if (std::string_view(its_own.what()) == error.what()) return name;
      if (first.empty()) first = name;
    }
  }
  return first;
}

}  // namespace p11csr::cli
