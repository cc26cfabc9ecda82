#include "cli/command_batch.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <memory>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/batch.hpp>

#include "cli/batch_report.hpp"
#include "cli/table.hpp"
#include "cli/token_options.hpp"

namespace p11csr::cli {
namespace {

using batch::Ledger;
using batch::LedgerRow;

/// StatusFlags are the flags of `p11csr batch status` as they were typed.
struct StatusFlags {
  TokenOptions token;
  std::vector<std::string> ledgers;
  bool all = false;
  bool orphans = false;
};

std::vector<Ledger> open_all(const std::vector<std::string>& paths) {
  if (paths.empty()) throw Error(Errc::usage, "no ledger was given", "name the file that batch run got with --ledger");
  std::vector<Ledger> ledgers;
  for (const std::string& path : paths) ledgers.push_back(Ledger::read(path));
  return ledgers;
}

batch::LedgerCount count_all(const std::vector<Ledger>& ledgers) {
  batch::LedgerCount sum;
  for (const Ledger& ledger : ledgers) {
    const auto count = ledger.count();
    sum.total += count.total;
    sum.planned += count.planned;
    sum.generated += count.generated;
    sum.is_signed += count.is_signed;
    sum.written += count.written;
    sum.failed += count.failed;
  }
  return sum;
}

template <typename Use>
void for_each_shown(const std::vector<Ledger>& ledgers, bool all, const Use& use) {
  for (const Ledger& ledger : ledgers)
    ledger.for_each([&](const LedgerRow& row) {
      if (all || row.stage != batch::Stage::written) use(row);
    });
}

// Row by row: a ledger can be longer than memory.
void print_json(const std::vector<Ledger>& ledgers, Streams& streams) {
  streams.out << "{\n  \"count\": " << ledger_count_json(count_all(ledgers)).dump() << ",\n  \"rows\": [";
  const char* separator = "\n    ";
  for_each_shown(ledgers, true, [&](const LedgerRow& row) {
    streams.out << separator << ledger_row_json(row).dump(-1, ' ', false, Json::error_handler_t::replace);
    separator = ",\n    ";
  });
  streams.out << "\n  ]\n}\n";
}

int run_orphans(const StatusFlags& flags, const std::vector<Ledger>& ledgers, Streams& streams) {
  std::vector<const Ledger*> pointers;
  for (const Ledger& ledger : ledgers) pointers.push_back(&ledger);
  CallWatch watch(watch_settings(flags.token, false), streams.err);
  const auto report = workflow::find_orphans(token_choice(flags.token), pin_choice(flags.token), pointers,
                                             surroundings(watch, streams));
  if (flags.token.json) {
    streams.out << to_text(Json{{"orphans", report.orphans}, {"owned", report.owned}});
    return 0;
  }
  for (const std::string& uri : report.orphans) streams.out << uri << '\n';
  fmt::print(streams.err,
             "p11csr: {} key objects on the token belong to no row of the ledgers, {} do; nothing was deleted\n",
             report.orphans.size(), report.owned);
  return 0;
}

int run_status(const StatusFlags& flags, Streams& streams) {
  const auto ledgers = open_all(flags.ledgers);
  if (flags.orphans) return run_orphans(flags, ledgers, streams);
  if (flags.token.json) {
    print_json(ledgers, streams);
    return 0;
  }
  Table table({"ROW", "LABEL", "STAGE", "ERROR"});
  for_each_shown(ledgers, flags.all, [&](const LedgerRow& row) {
    table.add({std::to_string(row.number), row.plan.label, std::string(batch::stage_name(row.stage)), row.error});
  });
  streams.out << table.text() << ledger_count_text(count_all(ledgers)) << '\n';
  return 0;
}

std::function<int(Streams&)> declare_status(Options& options) {
  const auto flags = std::make_shared<StatusFlags>();
  options.operands("LEDGER", flags->ledgers, "the ledgers of one batch: of each shard one");
  options.flag("--all", flags->all, "show the rows that are written too");
  options.flag("--orphans", flags->orphans, "list the keys on the token that no row owns; nothing is deleted");
  declare_token_options(options, flags->token);
  declare_pin_options(options, flags->token);
  return [flags](Streams& streams) { return run_status(*flags, streams); };
}

}  // namespace

Command batch_status_command() {
  return {"status",
          "how far a batch has come, and which keys are not its own",
          {"p11csr batch status devices.ledger", "p11csr batch status shard-*.ledger --json",
           "p11csr batch status devices.ledger --orphans --token hsm"},
          declare_status,
          {}};
}

Command batch_command() {
  return {
      "batch",
      "keys and requests for the rows of a manifest, as many as there are",
      {"p11csr batch run devices.csv --profile device-identity --out-dir requests --ledger devices.ledger",
       "p11csr batch status devices.ledger", "p11csr batch export devices.ledger --form csv --out devices-done.csv"},
      {},
      {batch_run_command(), batch_status_command(), batch_export_command()}};
}

}  // namespace p11csr::cli
