#include <fmt/format.h>
#include <fmt/ostream.h>
#include <memory>
#include <optional>

#include <p11csr/batch/ledger.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/x509/certification_request.hpp>

#include "cli/batch_folder.hpp"
#include "cli/batch_report.hpp"
#include "cli/command_batch.hpp"
#include "cli/output_file.hpp"
#include "cli/tar_text.hpp"
#include "model/csv_text.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using batch::Ledger;
using batch::LedgerRow;
using x509::request_pem;

/// ExportFlags are the flags of `p11csr batch export` as they were typed.
struct ExportFlags {
  std::vector<std::string> ledgers;
  std::string form = "csv";
  std::string out;
  std::string out_dir;
  bool force = false;
};

bool is_made(const LedgerRow& row) { return row.stage >= batch::Stage::signed_; }

std::string csv_of(const LedgerRow& row) {
  return model::csv_line({std::to_string(row.plan.line), row.plan.label, to_hex(row.plan.id),
                          std::string(batch::stage_name(row.stage)), row.key_uri, row.spki_sha256, row.request_sha256,
                          time_text(row.planned_at), time_text(row.generated_at), time_text(row.signed_at),
                          time_text(row.written_at), row.error});
}

/// Form is how rows become a file: what goes before them, each of them, and the end.
struct Form {
  std::string begin;
  std::string (*row)(const LedgerRow& row);
  std::string end;
};

Form form_of(const std::string& name) {
  if (name == "csv")
    return {model::csv_line({"line", "label", "id", "stage", "key_uri", "spki_sha256", "request_sha256", "planned_at",
                             "generated_at", "signed_at", "written_at", "error"}),
            csv_of, ""};
  if (name == "json")
    return {"", [](const LedgerRow& row) { return to_text(ledger_row_json(row), JsonShape::one_line); }, ""};
  if (name == "pem")
    return {"", [](const LedgerRow& row) { return is_made(row) ? request_pem(row.request) : std::string(); }, ""};
  if (name == "tar")
    return {"",
            [](const LedgerRow& row) {
              constexpr std::int64_t second = 1000;
              if (!is_made(row)) return std::string();
              return tar_entry(row.plan.label + ".csr", request_pem(row.request), row.signed_at / second);
            },
            tar_end()};
  throw Error(Errc::usage, fmt::format("--form {} is not known", model::in_quotes(name)),
              "say csv, json (a line each), pem or tar; or name a folder with --out-dir");
}

int export_files(const ExportFlags& flags, Streams& streams) {
  BatchFolder folder(flags.out_dir);
  std::uint64_t files = 0;
  for (const std::string& path : flags.ledgers)
    Ledger::read(path).for_each([&](const LedgerRow& row) {
      if (!is_made(row) || folder.has(row.plan.label, row.request)) return;
      if (!flags.force && !folder.is_free(row.plan.label))
        throw Error(Errc::file_exists, fmt::format("{}.csr is there and has something else in it", row.plan.label),
                    "choose another --out-dir, or replace it with --force");
      folder.replace(row.plan.label, row.request);
      ++files;
    });
  fmt::print(streams.err, "p11csr: {} requests written to {}\n", files, model::in_quotes(flags.out_dir));
  return 0;
}

int run_export(const ExportFlags& flags, Streams& streams) {
  if (flags.ledgers.empty())
    throw Error(Errc::usage, "no ledger was given", "name the file that batch run got with --ledger");
  if (!flags.out_dir.empty()) return export_files(flags, streams);
  const Form form = form_of(flags.form);
  std::optional<OutputFile> file;
  constexpr mode_t for_everybody = 0644;
  if (!flags.out.empty())
    file.emplace(OutputFile::prepare(flags.out, flags.force ? Overwrite::yes : Overwrite::no, for_everybody));
  constexpr std::size_t large = 64UL * 1024;
  std::string content = form.begin;
  const auto pass_on = [&] {
    if (content.size() < large) return;
    if (file)
      file->append(content);
    else
      streams.out << content;
    content.clear();
  };
  for (const std::string& path : flags.ledgers)
    Ledger::read(path).for_each([&](const LedgerRow& row) {
      content += form.row(row);
      pass_on();
    });
  content += form.end;
  if (file)
    file->publish(content);
  else
    streams.out << content;
  return 0;
}

std::function<int(Streams&)> declare_export(Options& options) {
  const auto flags = std::make_shared<ExportFlags>();
  options.operands("LEDGER", flags->ledgers, "the ledgers of one batch: of each shard one");
  options.text("--form", flags->form, "csv|json|pem|tar",
               "csv (default) and json (a line each) tell of every row, pem and tar hold the requests");
  options.text("--out", flags->out, "FILE", "write there, not to standard output");
  options.text("--out-dir", flags->out_dir, "DIR", "write the requests there, LABEL.csr each");
  options.flag("--force", flags->force, "replace the file of --out, and files in --out-dir");
  return [flags](Streams& streams) { return run_export(*flags, streams); };
}

}  // namespace

Command batch_export_command() {
  return {"export",
          "write the rows of a ledger, or its requests",
          {"p11csr batch export devices.ledger --form csv --out devices-done.csv",
           "p11csr batch export shard-*.ledger --form tar --out requests.tar",
           "p11csr batch export devices.ledger --out-dir requests-again"},
          declare_export,
          {}};
}

}  // namespace p11csr::cli
