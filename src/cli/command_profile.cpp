#include "cli/command_profile.hpp"

#include <fmt/format.h>
#include <memory>

#include <p11csr/model/error.hpp>

#include "cli/json.hpp"
#include "cli/site.hpp"
#include "cli/table.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

/// ProfileFlags are the flags of the profile commands as they were typed.
struct ProfileFlags {
  std::string name;
  bool json = false;
};

std::string note_of(const profile::ListedProfile& listed) {
  std::string note = listed.problem.empty() ? listed.description : "cannot be used: " + listed.problem;
  if (!listed.hint.empty()) note += fmt::format(" ({})", listed.hint);
  for (const std::string& hidden : listed.hides) note += fmt::format("; goes before {}", hidden);
  return note;
}

int run_list(const ProfileFlags& flags, Streams& streams) {
  const auto listed = profile_library().list();
  if (flags.json) {
    Json profiles = Json::array();
    for (const auto& one : listed)
      profiles.push_back({{"name", one.name},
                          {"file", one.file},
                          {"description", one.description},
                          {"hides", one.hides},
                          {"problem", one.problem},
                          {"hint", one.hint}});
    streams.out << to_text(Json{{"profiles", std::move(profiles)}});
    return 0;
  }
  Table table({"NAME", "FILE", "DESCRIPTION"});
  for (const auto& one : listed) table.add({one.name, one.file, note_of(one)});
  streams.out << table.text();
  return 0;
}

Json profile_json(const profile::Profile& profile) {
  Json values = Json::array();
  for (const auto& shown : profile::shown_values(profile))
    values.push_back({{"key", shown.key}, {"value", shown.value}, {"origin", shown.origin.text()}});
  return {
      {"name", profile.name}, {"files", profile.files}, {"fields", profile.fields()}, {"values", std::move(values)}};
}

std::string profile_text(const profile::Profile& profile) {
  Table table({"KEY", "VALUE", "FROM"});
  for (const auto& shown : profile::shown_values(profile)) table.add({shown.key, shown.value, shown.origin.text()});
  return table.text();
}

int run_show(const ProfileFlags& flags, Streams& streams) {
  if (flags.name.empty()) throw Error(Errc::usage, "the profile is missing", "p11csr profile list shows the profiles");
  const profile::Profile profile = profile_library().find(flags.name);
  streams.out << (flags.json ? to_text(profile_json(profile)) : profile_text(profile));
  return 0;
}

std::function<int(Streams&)> declare_list(Options& options) {
  const auto flags = std::make_shared<ProfileFlags>();
  options.flag("--json", flags->json, "write JSON");
  return [flags](Streams& streams) { return run_list(*flags, streams); };
}

std::function<int(Streams&)> declare_show(Options& options) {
  const auto flags = std::make_shared<ProfileFlags>();
  options.operand("NAME|FILE", "", flags->name, "a profile's name, or a file: a path with a / or ending in .toml");
  options.flag("--json", flags->json, "write JSON");
  return [flags](Streams& streams) { return run_show(*flags, streams); };
}

}  // namespace

Command profile_command() {
  return {"profile",
          "list profiles, or show what one says and where each value came from",
          {"p11csr profile list", "p11csr profile show tls-server"},
          {},
          {{"list",
            "list the profiles that --profile knows by name",
            {"p11csr profile list", "p11csr profile list --json"},
            declare_list,
            {}},
           {"show",
            "show what a profile says, merged with what it extends",
            {"p11csr profile show tls-server", "p11csr profile show ./web.toml --json"},
            declare_show,
            {}}}};
}

}  // namespace p11csr::cli
