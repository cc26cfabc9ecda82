#include <fmt/format.h>
#include <fmt/ostream.h>
#include <memory>
#include <unistd.h>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/batch.hpp>

#include "cli/batch_folder.hpp"
#include "cli/batch_plan.hpp"
#include "cli/batch_progress.hpp"
#include "cli/batch_report.hpp"
#include "cli/command_batch.hpp"
#include "cli/exit_code.hpp"
#include "cli/row_composer.hpp"
#include "cli/self_verification.hpp"
#include "cli/site.hpp"
#include "cli/token_options.hpp"
#include "model/ascii.hpp"
#include "model/counted.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using batch::Ledger;
using model::printable;

/// BatchFlags are the flags of `p11csr batch run` as they were typed.
struct BatchFlags {
  TokenOptions token;
  ContentFlags content;
  std::string manifest;
  std::string key_column;
  std::string out_dir;
  std::string ledger;
  std::string shard;
  unsigned sessions = 0;
  unsigned retries = 5;
  bool check = false;
  bool skip_invalid = false;
  bool allow_extractable = false;
  bool no_self_verify = false;
};

void check_flags(const BatchFlags& flags) {
  if (flags.manifest.empty())
    throw Error(Errc::usage, "no manifest was given",
                "p11csr batch run devices.csv --out-dir requests --ledger run.db");
  if (flags.check) return;
  if (flags.out_dir.empty())
    throw Error(Errc::usage, "nobody said where the requests go", "name a folder with --out-dir");
  if (flags.ledger.empty())
    throw Error(Errc::usage, "nobody said where the ledger is, which lets a run that was cut off go on",
                "name a file with --ledger, outside of --out-dir");
  if (!flags.key_column.empty() && flags.content.requested.key)
    throw Error(Errc::usage, "--generate and --key-column exclude each other",
                "make new keys with --generate ec:P-256, or use those that a column names");
}

std::string bad_row_text(const BadRow& row) {
  std::string text = fmt::format("line {}", row.line);
  if (!row.column.empty()) text += fmt::format(", column {}", printable(row.column));
  text += fmt::format(": {}", printable(row.error.what()));
  if (!row.error.hint().empty()) text += fmt::format("; {}", printable(row.error.hint()));
  return text;
}

void tell_plan(const BatchFlags& flags, const BatchPlan& plan, Streams& streams) {
  if (flags.token.json && flags.check) return;
  std::string text = model::counted(plan.rows + plan.bad, "row");
  if (plan.of_other_shards > 0) text += fmt::format(", {} more of other shards", plan.of_other_shards);
  if (plan.bad > 0) text += fmt::format(", {} of them bad{}", plan.bad, flags.skip_invalid ? " left out" : "");
  if (plan.warnings > 0) text += fmt::format("; lint warns {}", model::counted(plan.warnings, "time"));
  fmt::print(streams.err, "p11csr: {}\n", text);
}

// Rows that were there before have keys: a manifest without them is another batch.
void require_all_rows(const Ledger& ledger) {
  constexpr std::size_t named = 5;
  const auto missing = ledger.unplanned(named);
  if (missing.empty()) return;
  std::vector<std::string_view> labels(missing.begin(), missing.end());
  throw Error(Errc::not_allowed,
              fmt::format("rows of this batch are not in the manifest any more: {}", model::join(labels, ", ")),
              "restore the manifest, to which rows may only be added; another batch needs another ledger");
}

BatchPlan plan(const BatchFlags& flags, RowComposer& composer, Ledger& ledger, const BatchFolder* folder,
               Streams& streams) {
  const Shard shard = Shard::parse(flags.shard);
  const std::string about = fmt::format("{}/{} {}", shard.index, shard.count, flags.key_column);
  if (ledger.settle("shard and key column", about) != about)
    throw Error(Errc::not_allowed, "the ledger was begun with another --shard or --key-column",
                "take those, or another ledger");
  composer.set_date(ledger.settle("date", today()));
  BatchPlanner planner(composer, ledger, folder, shard,
                       [&](const BadRow& row) { fmt::print(streams.err, "p11csr: {}\n", bad_row_text(row)); });
  BatchPlan found = planner.read(flags.manifest, streams.in);
  tell_plan(flags, found, streams);
  if (!found.first_bad || (flags.skip_invalid && found.changed == 0)) require_all_rows(ledger);
  return found;
}

// Beside the ledger of a batch that has begun, the manifest is judged as its next run would.
int check(const BatchFlags& flags, RowComposer& composer, Streams& streams) {
  std::optional<BatchFolder> folder;
  if (!flags.out_dir.empty()) folder.emplace(flags.out_dir);
  const bool has_begun = !flags.ledger.empty() && access(flags.ledger.c_str(), F_OK) == 0;
  Ledger ledger = has_begun ? Ledger::open(flags.ledger) : Ledger::temporary();
  const BatchPlan found = plan(flags, composer, ledger, folder ? &*folder : nullptr, streams);
  if (flags.token.json)
    streams.out << to_text(Json{{"rows", found.rows},
                                {"other_shards", found.of_other_shards},
                                {"bad", found.bad},
                                {"warnings", found.warnings}});
  return found.first_bad ? exit_code(found.first_bad->code()) : 0;
}

void plan_run(const BatchFlags& flags, RowComposer& composer, Ledger& ledger, const BatchFolder& folder,
              Streams& streams) {
  try {
    const BatchPlan found = plan(flags, composer, ledger, &folder, streams);
    if (found.changed > 0)
      throw Error(Errc::not_allowed,
                  fmt::format("{} of the batch changed; nothing was generated", model::counted(found.changed, "row")),
                  "restore manifest, profile and flags; rows may only be added. Other requests need another ledger");
    if (found.first_bad && !flags.skip_invalid)
      throw Error(found.first_bad->code(),
                  fmt::format("{} cannot be used; nothing was generated", model::counted(found.bad, "row")),
                  "repair the rows above, or leave them out with --skip-invalid");
    ledger.commit();
  } catch (...) {
    ledger.abandon();
    throw;
  }
}

int finish(const BatchFlags& flags, const workflow::BatchSummary& summary, CallWatch& watch, Streams& streams) {
  const auto calls = watch.figures();
  streams.err << batch_summary_text(summary, calls);
  if (flags.token.json) streams.out << to_text(batch_summary_json(summary, calls));
  if (summary.interrupted) {
    fmt::print(streams.err, "p11csr: interrupted; the same command goes on\n");
    return exit_code(Errc::interrupted);
  }
  if (summary.ended_by)
    throw Error(summary.ended_by->code(), fmt::format("the run ended early: {}", summary.ended_by->what()),
                summary.ended_by->hint().empty() ? "the same command goes on where it ended" : summary.ended_by->hint(),
                summary.ended_by->call());
  if (summary.first_failure)
    throw Error(summary.first_failure->code(),
                fmt::format("{} failed, {} first: {}", model::counted(summary.progress.failed, "row"),
                            model::in_quotes(summary.first_failed), summary.first_failure->what()),
                fmt::format("p11csr batch status {} names them; the same command tries them again",
                            model::shell_word(flags.ledger)),
                summary.first_failure->call());
  return 0;
}

int run(const BatchFlags& flags, Streams& streams) {
  check_flags(flags);
  RowComposer composer(flags.content, flags.key_column);
  if (flags.check) return check(flags, composer, streams);
  BatchFolder folder(flags.out_dir);
  Ledger ledger = Ledger::open(flags.ledger);
  plan_run(flags, composer, ledger, folder, streams);

  WatchSettings settings = watch_settings(flags.token, false);
  settings.stops_calls = false;
  CallWatch watch(settings, streams.err);
  ProgressPrinter printer(streams.err, isatty(STDERR_FILENO) == 1);
  workflow::BatchOptions options;
  options.token = token_choice(flags.token);
  options.pin = pin_choice(flags.token);
  if (flags.sessions != 0) options.sessions = flags.sessions;
  options.retries = flags.retries;
  options.allow_extractable = flags.allow_extractable;
  options.self_verification = self_verification(flags.no_self_verify);
  options.composer = &composer;
  options.files = &folder;
  options.ledger = &ledger;
  options.progress = [&printer](const workflow::BatchProgress& progress) { printer.show(progress); };
  options.stopped = [&watch] { return watch.interrupted(); };
  const auto summary = workflow::run_batch(options, surroundings(watch, streams));
  printer.clear();
  return finish(flags, summary, watch, streams);
}

void declare_batch_flags(Options& options, BatchFlags& flags) {
  options.operand("MANIFEST", "", flags.manifest, "the rows: CSV or JSON Lines, '-' for standard input");
  options.text("--out-dir", flags.out_dir, "DIR", "the requests go there: LABEL.csr");
  options.text("--ledger", flags.ledger, "FILE", "what was done for each row; with it a run that was cut off goes on");
  options.flag("--check", flags.check, "judge every row and do nothing else");
  options.flag("--skip-invalid", flags.skip_invalid, "leave bad rows out instead of stopping");
  options.text("--key-column", flags.key_column, "NAME", "the column that names an existing key, instead of new ones");
  constexpr unsigned most_sessions = 256;
  constexpr unsigned most_retries = 100;
  options.number("--sessions", flags.sessions, most_sessions, "N",
                 "sessions that work side by side (default: as many as keep the machine busy, 16 at most)");
  options.number("--retry", flags.retries, most_retries, "N", "tries of a row whose session was lost (default: 5)",
                 Rarity::rare);
  options.text("--shard", flags.shard, "I/N", "only this part of the manifest, for several hosts", Rarity::rare);
}

std::function<int(Streams&)> declare(Options& options) {
  const auto flags = std::make_shared<BatchFlags>();
  declare_batch_flags(options, *flags);
  options.text("--generate", flags->content.requested.key, "SPEC", "the kind of the keys (default: the profile's)");
  options.text("--label", flags->content.requested.label, "TEXT", "the new keys' labels, with fields of the profile",
               Rarity::rare);
  options.text("--digest", flags->content.requested.digest, "NAME", "sha256, sha384 or sha512 (default: by the key)",
               Rarity::rare);
  options.text("--padding", flags->content.requested.padding, "NAME", "pkcs1 (default) or pss, for RSA", Rarity::rare);
  options.flag("--allow-extractable", flags->allow_extractable,
               "sign although a key is not bound to the hardware (recorded)", Rarity::rare);
  declare_self_verification(options, flags->no_self_verify);
  declare_content_flags(options, flags->content, Rarity::rare);
  declare_token_options(options, flags->token);
  declare_pin_options(options, flags->token);
  return [flags](Streams& streams) { return run(*flags, streams); };
}

}  // namespace

Command batch_run_command() {
  return {"run",
          "a key and a request for each row of a manifest, or go on",
          {"p11csr batch run devices.csv --profile device-identity --out-dir requests --ledger devices.ledger",
           "p11csr batch run devices.csv --profile device-identity --check",
           "p11csr batch run renew.csv --key-column key --out-dir requests --ledger renew.ledger --sessions 4"},
          declare,
          {}};
}

}  // namespace p11csr::cli
