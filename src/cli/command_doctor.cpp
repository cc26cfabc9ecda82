#include "cli/command_doctor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>

#include <p11csr/model/version.hpp>
#include <p11csr/workflow/doctor.hpp>

#include "cli/table.hpp"
#include "cli/token_options.hpp"
#include "cli/token_report.hpp"

namespace p11csr::cli {
namespace {

using workflow::Ability;
using workflow::Depth;
using workflow::Examination;
using workflow::Finding;
using workflow::Observation;

struct DoctorFlags {
  TokenOptions token;
  bool deep = false;
};

const char* word(Finding finding) {
  switch (finding) {
    case Finding::as_expected:
      return "as expected";
    case Finding::deviates:
      return "deviates";
    case Finding::unknown:
      return "unknown";
  }
  return "unknown";
}

const char* word(Depth depth) {
  switch (depth) {
    case Depth::look:
      return "look";
    case Depth::session:
      return "session";
    case Depth::deep:
      return "deep";
  }
  return "look";
}

Json examination_json(const Examination& examination) {
  const auto& library = examination.library;
  Json json{{"program", library_version()}, {"depth", word(examination.depth)}};
  json["module"] = {{"path", examination.token.module_path},
                    {"cryptoki", library.cryptoki},
                    {"manufacturer", library.manufacturer},
                    {"description", library.description},
                    {"version", library.version}};
  json["token"] = full_token_json(examination.token);
  json["keys"] = Json::array();
  for (const Ability& each : examination.abilities)
    json["keys"].push_back({{"kind", each.kind},
                            {"listed", each.listed},
                            {"signs", each.signs},
                            {"works", each.works ? Json(*each.works) : Json(nullptr)},
                            {"officers", each.officers},
                            {"tried", each.tried}});
  json["observations"] = Json::array();
  for (const Observation& each : examination.observations)
    json["observations"].push_back(
        {{"id", each.id}, {"finding", word(each.finding)}, {"seen", each.seen}, {"consequence", each.consequence}});
  return json;
}

std::string ability_text(const Ability& each) {
  if (each.officers) return "not for the user";
  if (each.works) return *each.works ? "works" : "does not work";
  return each.listed ? "listed" : "no";
}

std::string examination_text(const Examination& examination) {
  const auto& library = examination.library;
  std::string text =
      token_line("p11csr", std::string(library_version())) + token_line("module", examination.token.module_path) +
      token_line("library", fmt::format("{} {}, {}, Cryptoki {}", library.description, library.version,
                                        library.manufacturer, library.cryptoki)) +
      token_line("token", fmt::format("{} ({}, {}, firmware {})", examination.token.label, examination.token.model,
                                      examination.token.manufacturer, examination.token.firmware)) +
      token_line("uri", examination.token.uri) + token_line("PIN", pin_state(examination.token)) + "\n";
  Table keys({"KEY", "CAN", "HOW"});
  for (const Ability& each : examination.abilities)
    keys.add({each.kind, ability_text(each),
              each.tried.empty() ? fmt::format("{}", fmt::join(each.signs, "; ")) : each.tried});
  text += keys.text() + "\n";
  Table points({"POINT", "FINDING", "SEEN", "SO"});
  for (const Observation& each : examination.observations)
    points.add({each.id, word(each.finding), each.seen, each.consequence});
  return text + points.text();
}

int run(const DoctorFlags& flags, Streams& streams) {
  CallWatch watch(watch_settings(flags.token, flags.deep), streams.err);
  const auto choice = token_choice(flags.token);
  Depth depth = pin_was_asked_for(flags.token, choice) ? Depth::session : Depth::look;
  if (flags.deep) depth = Depth::deep;
  const auto examination = workflow::examine(choice, pin_choice(flags.token), depth, surroundings(watch, streams));
  streams.out << (flags.token.json ? to_text(examination_json(examination)) : examination_text(examination));
  if (depth == Depth::look && !flags.token.json)
    streams.err << "p11csr: with --pin-source keys are made and used for a session; with --deep on the token\n";
  return 0;
}

std::function<int(Streams&)> declare(Options& options) {
  const auto flags = std::make_shared<DoctorFlags>();
  declare_token_options(options, flags->token);
  declare_pin_options(options, flags->token);
  options.flag("--deep", flags->deep, "make keys on the token, and delete them again");
  return [flags](Streams& streams) { return run(*flags, streams); };
}

}  // namespace

Command doctor_command() {
  return {"doctor",
          "what a module and a token can do, and where they deviate",
          {"p11csr doctor --token my-hsm", "p11csr doctor --token my-hsm --pin-source prompt --json",
           "p11csr doctor --token my-hsm --deep"},
          declare,
          {}};
}

}  // namespace p11csr::cli
