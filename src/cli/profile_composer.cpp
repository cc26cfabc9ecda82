#include "cli/profile_composer.hpp"

#include <p11csr/model/error.hpp>
#include <p11csr/model/key_spec.hpp>

#include "cli/request_options.hpp"
#include "cli/row_content.hpp"
#include "cli/site.hpp"

namespace p11csr::cli {

ProfileComposer::ProfileComposer(ContentFlags flags, CardPlace place, std::function<void(const std::string&)> say)
    : flags_(std::move(flags)),
      place_(std::move(place)),
      say_(std::move(say)),
      profile_(chosen_profile(flags_.profile)) {
  use_label_as_pattern(flags_, profile_.value);
}

std::vector<std::string> ProfileComposer::missing(const Fields& fields) const {
  return open_fields(profile_.value, with_row(flags_, fields));
}

void ProfileComposer::check(const Fields& fields) const {
  const ContentFlags flags = with_row(flags_, fields);
  auto given = profile::FieldValues::parse(flags.set);
  given.fill_in("date", today());
  profile::check_values(profile_.value, flags.requested, given);
}

workflow::RequestOptions ProfileComposer::compose(const Fields& fields) const {
  return options_of(request_content(with_row(flags_, fields), profile_, today(), say_), fields);
}

std::string ProfileComposer::judge(const Fields& fields) const {
  check(fields);
  if (flags_.requested.key) static_cast<void>(parse_key_spec(*flags_.requested.key));
  if (!missing(fields).empty()) return "";
  ContentFlags flags = with_row(flags_, fields);
  flags.challenge_password_source.clear();
  const auto quietly = [](const std::string& /*unused*/) {};
  const auto options = options_of(request_content(flags, profile_, today(), quietly), fields);
  static_cast<void>(workflow::check_request(options));
  return std::get<workflow::GenerateKey>(options.key).label;
}

workflow::RequestOptions ProfileComposer::options_of(const RequestContent& content, const Fields& fields) const {
  if (!content.settings.key)
    throw Error(Errc::usage, "the profile says no kind of key", "say one with --generate ec:P-256");
  workflow::GenerateKey wanted{content.settings.key->value, label_of(content), place_.id, workflow::IfExists::refuse};
  wanted.id_is_slot = place_.is_slot;
  if (const auto id = fields.find("id"); id != fields.end()) {
    if (place_.id) throw Error(Errc::usage, "the column id and a place for all keys exclude each other", "take one");
    wanted.id = from_hex(id->second, "the column id");
  }
  return options_for(content, std::move(wanted));
}

}  // namespace p11csr::cli
