#include "cli/command_enroll.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <map>
#include <memory>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/enroll.hpp>
#include <p11csr/workflow/set_up_token.hpp>

#include "cli/certificate_source.hpp"
#include "cli/enroll_report.hpp"
#include "cli/exit_code.hpp"
#include "cli/journal_file.hpp"
#include "cli/journal_record.hpp"
#include "cli/kept_sources.hpp"
#include "cli/key_place.hpp"
#include "cli/profile_composer.hpp"
#include "cli/request_folder.hpp"
#include "cli/roster.hpp"
#include "cli/site.hpp"
#include "cli/terminal_desk.hpp"
#include "cli/token_options.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

/// EnrollFlags are the flags of `p11csr enroll` as they were typed.
struct EnrollFlags {
  TokenOptions token;
  ContentFlags content;
  NewPinFlags new_pin;
  std::string so_pin_source;
  KeyPlace place;
  bool officer_generates = false;
  std::string roster;
  std::string out_dir;
  std::string journal;
  std::string ca_command;
  std::string await_folder;
  std::string card_label = "card-{n}";
  std::string show;
  std::string form;
  bool allow_extractable = false;
  bool yes = false;
};

void check_flags(const EnrollFlags& flags) {
  if (flags.out_dir.empty())
    throw Error(Errc::usage, "nobody said where the requests go", "name a folder with --out-dir");
  if (!flags.ca_command.empty() && !flags.await_folder.empty())
    throw Error(Errc::usage, "--ca-command and --await-cert exclude each other", "say how the CA answers, one of them");
  if (flags.officer_generates && !id_of(flags.place))
    throw Error(Errc::usage, "where the security officer makes the keys, a key has a place: its ID is missing",
                "say which: --piv-slot 9c, or --id 02");
  if (flags.place.replace && !id_of(flags.place))
    throw Error(Errc::usage, "--replace-key does not say which key goes", "say which: --piv-slot 9c, or --id HEX");
  if (!flags.form.empty()) throw Error(Errc::usage, "--form is for --show", "add --show JOURNAL");
  require_folder("--out-dir", flags.out_dir);
  if (!flags.await_folder.empty()) require_folder("--await-cert", flags.await_folder);
  if (!flags.new_pin.file.empty()) require_folder("--pin-out", flags.new_pin.file);
  NewPin::check(flags.new_pin, flags.token.json ? NewPin::Letter::not_in_json : NewPin::Letter::may_be);
  if (!flags.new_pin.source.empty() && can_be_read_once(parse_pin_source(flags.new_pin.source)))
    throw Error(Errc::usage, "--new-pin-source gives one PIN, and each card is to get its own",
                "let one be made for each with --generate-pin 6, or take file: or command:");
}

std::string journal_path(const EnrollFlags& flags) {
  return flags.journal.empty() ? flags.out_dir + "/enroll.jsonl" : flags.journal;
}

// "card-{n}" of the seventh card is "card-0007".
std::string card_label(const std::string& pattern, std::size_t number) {
  auto values = profile::FieldValues();
  values.fill_in("n", fmt::format("{:04}", number));
  values.fill_in("date", today());
  return profile::TextTemplate::parse(pattern).fill(values);
}

workflow::CertificateSource certificate_source(const EnrollFlags& flags, CallMonitor& monitor) {
  if (!flags.ca_command.empty()) return certificate_from_command(flags.ca_command, monitor);
  if (!flags.await_folder.empty()) return certificate_from_folder(flags.await_folder, monitor);
  return {};
}

workflow::KeyMaker key_maker(const EnrollFlags& flags) {
  if (flags.officer_generates) return workflow::KeyMaker::officer;
  const bool may_be_officer = id_of(flags.place) && !flags.so_pin_source.empty();
  return may_be_officer ? workflow::KeyMaker::officer_where_user_may_not : workflow::KeyMaker::user;
}

workflow::StationSetup station_setup(const EnrollFlags& flags) {
  workflow::StationSetup setup{
      token_choice(flags.token), pin_choice(flags.token), {}, flags.allow_extractable, key_maker(flags)};
  if (!flags.so_pin_source.empty()) setup.officer.source = parse_pin_source(flags.so_pin_source);
  setup.officer.allow_final_try = flags.token.allow_final_try;
  return setup;
}

workflow::Surroundings with_kept_sources(workflow::Surroundings world, const KeptSources& kept) {
  world.read_pin = [ask = world.read_pin, &kept](const PinSource& source, PinOwner owner, const TokenInfo& token) {
    auto known = kept.find(source);
    return known ? std::move(*known) : ask(source, owner, token);
  };
  return world;
}

int finish(const EnrollFlags& flags, const workflow::EnrollSummary& summary, const JournalFile& journal,
           Streams& streams) {
  streams.err << summary_text(summary);
  fmt::print(streams.err, "p11csr: the journal is '{}'\n", model::printable(journal_path(flags)));
  if (flags.token.json) streams.out << to_text(summary_json(summary, journal.records()));
  if (summary.interrupted) return exit_code(Errc::interrupted);
  return summary.last_problem ? exit_code(summary.last_problem->code()) : 0;
}

// With --yes nobody is asked for what is missing.
void require_all_fields(const EnrollFlags& flags, const ProfileComposer& composer,
                        const workflow::RequestComposer::Fields& fields) {
  const auto missing = composer.missing(fields);
  if (!flags.yes || missing.empty()) return;
  throw Error(Errc::malformed_input,
              fmt::format("nobody says what {} is, and --yes asks nobody", model::in_quotes(missing.front())),
              fmt::format("give it in the column {0} of the roster, or for all with --set {0}=VALUE", missing.front()));
}

/// PeopleJudge refuses before the first card what is known to fail.
class PeopleJudge {
 public:
  PeopleJudge(const EnrollFlags& flags, const ProfileComposer& composer) : flags_(flags), composer_(composer) {}

  void operator()(const workflow::Person& person) {
    try {
      require_all_fields(flags_, composer_, person.fields);
      const std::string label = composer_.judge(person.fields);
      if (label.empty()) return;
      check_file_label(label);
      const auto [other, is_first] = names_.emplace(label, person.name);
      if (!is_first)
        throw Error(Errc::malformed_input,
                    fmt::format("the key of {} has that label too: {}", model::in_quotes(other->second),
                                model::in_quotes(label)),
                    "give one of them another one in the column label");
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("{} of the roster: {}", model::in_quotes(person.name), error.what()),
                  error.hint());
    }
  }

 private:
  const EnrollFlags& flags_;
  const ProfileComposer& composer_;
  std::map<std::string, std::string> names_;  // by the labels of their keys
};

std::vector<workflow::Person> people_of(const EnrollFlags& flags, const ProfileComposer& composer) {
  if (!flags.roster.empty()) return read_roster(flags.roster, composer.all_fields(), PeopleJudge(flags, composer));
  static_cast<void>(composer.judge({}));
  require_all_fields(flags, composer, {});
  return {};
}

int run_session(const EnrollFlags& flags, Streams& streams) {
  check_flags(flags);
  CallWatch watch(watch_settings(flags.token, true), streams.err);
  const workflow::StationSetup setup = station_setup(flags);
  KeptSources kept;
  kept.take(setup.pin.asked.value_or(setup.pin.otherwise), PinOwner::user);
  kept.take(setup.officer.source, PinOwner::security_officer);
  const workflow::Surroundings world = with_kept_sources(surroundings(watch, streams), kept);

  const ProfileComposer composer(flags.content, {id_of(flags.place), !flags.place.piv_slot.empty()}, world.say);
  workflow::EnrollOptions options;
  options.has_roster = !flags.roster.empty();
  options.roster = people_of(flags, composer);
  options.card_label = [&flags](std::size_t number) { return card_label(flags.card_label, number); };
  workflow::check_token_label(options.card_label(1));
  RequestFolder files(flags.out_dir);
  JournalFile journal = JournalFile::open(journal_path(flags));
  TerminalDesk desk({flags.yes, flags.new_pin, !flags.token.json}, watch, streams);
  const auto station = workflow::token_station(setup, world);

  options.certificate = certificate_source(flags, watch);
  options.replace_keys = flags.place.replace;
  options.composer = &composer;
  options.files = &files;
  options.journal = &journal;
  options.station = station.get();
  options.desk = &desk;
  return finish(flags, workflow::enroll(options), journal, streams);
}

int show_journal(const EnrollFlags& flags, Streams& streams) {
  const auto records = JournalFile::read(flags.show);
  if (flags.token.json || flags.form == "json")
    streams.out << to_text(journal_json(records));
  else if (flags.form == "csv")
    streams.out << records_csv(records);
  else if (flags.form.empty() || flags.form == "table")
    streams.out << records_table(records);
  else
    throw Error(Errc::usage, fmt::format("--form {} is not known", model::in_quotes(flags.form)),
                "say table, csv or json");
  return 0;
}

void declare_session_flags(Options& options, EnrollFlags& flags) {
  options.text("--roster", flags.roster, "FILE", "the people, a CSV row each: fields of the profile, label, san, card");
  options.text("--out-dir", flags.out_dir, "DIR", "the requests go there: LABEL.csr");
  options.text("--ca-command", flags.ca_command, "CMD", "a program that reads a request and answers a certificate");
  options.text("--await-cert", flags.await_folder, "DIR", "wait for LABEL.pem (.crt, .cer, .der, .p7b)");
  options.text("--journal", flags.journal, "FILE", "where each card stands (default: enroll.jsonl in --out-dir)",
               Rarity::rare);
  options.text("--card-label", flags.card_label, "TEXT", "label of a card that is initialised (default: card-{n})",
               Rarity::rare);
  options.flag("--yes", flags.yes, "ask nobody: take the usual answer, and put a card aside where there is none");
  options.text("--show", flags.show, "JOURNAL", "show where the cards stand, and do nothing else");
  options.text("--form", flags.form, "table|csv|json", "of --show", Rarity::rare);
}

std::function<int(Streams&)> declare(Options& options) {
  const auto flags = std::make_shared<EnrollFlags>();
  declare_session_flags(options, *flags);
  options.text("--generate", flags->content.requested.key, "SPEC", "the kind of key (default: the profile's)");
  options.text("--label", flags->content.requested.label, "TEXT", "the new key's label, with fields of the profile",
               Rarity::rare);
  options.text("--digest", flags->content.requested.digest, "NAME", "sha256, sha384 or sha512 (default: by the key)",
               Rarity::rare);
  declare_card_place(options, flags->place, Rarity::rare);
  options.flag("--officer-generates", flags->officer_generates,
               "the user does not even try to make the keys (else: where the card refuses it to them)", Rarity::rare);
  options.flag("--allow-extractable", flags->allow_extractable,
               "sign although the key is not bound to the hardware (recorded)", Rarity::rare);
  declare_content_flags(options, flags->content, Rarity::rare);
  declare_token_options(options, flags->token, "the label or RFC 7512 URI of the cards (else P11CSR_TOKEN, else any)");
  declare_pin_options(options, flags->token);
  declare_officer_option(options, flags->so_pin_source);
  declare_new_pin_options(options, flags->new_pin, PinOut::folder);
  return [flags](Streams& streams) {
    return flags->show.empty() ? run_session(*flags, streams) : show_journal(*flags, streams);
  };
}

}  // namespace

Command enroll_command() {
  return {"enroll",
          "a guided session at the enrolment desk, one card after the other",
          {"p11csr enroll --profile smartcard-logon --roster people.csv --out-dir requests",
           "p11csr enroll --profile smartcard-logon --roster people.csv --out-dir requests --ca-command 'ssh ca sign' "
           "--so-pin-source file:so-pin --generate-pin 6 --pin-out pins",
           "p11csr enroll --profile piv-auth --piv-slot 9a --roster people.csv --out-dir requests "
           "--ca-command 'ssh ca sign' --so-pin-source file:management-key",
           "p11csr enroll --show requests/enroll.jsonl --form csv"},
          declare,
          {}};
}

}  // namespace p11csr::cli
