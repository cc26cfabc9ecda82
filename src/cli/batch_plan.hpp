#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <string>

#include <p11csr/batch/ledger.hpp>

#include "cli/batch_folder.hpp"
#include "cli/row_composer.hpp"

namespace p11csr::cli {

/// Shard is one of several parts of a manifest: number `index` of `count`, from 1.
struct Shard {
  unsigned index = 1;
  unsigned count = 1;

  /// parse reads "2/5". Throws Error(malformed_input).
  [[nodiscard]] static Shard parse(const std::string& text);
  /// has tells whether a row belongs to it: by the SHA-256 of its label, so that every host comes to the same answer.
  [[nodiscard]] bool has(const std::string& label) const;
};

/// BadRow is a row that cannot be in a batch, and why. `column` is empty where no single one is to blame.
struct BadRow {
  std::uint64_t line = 0;
  std::string column;
  Error error;
};

/// BatchPlan is what planning found.
struct BatchPlan {
  std::uint64_t rows = 0;  // of this shard
  std::uint64_t added = 0;
  std::uint64_t of_other_shards = 0;
  std::uint64_t bad = 0;
  std::uint64_t changed = 0;   // of the bad ones: rows of the ledger that are other ones now
  std::uint64_t warnings = 0;  // findings of lint
  std::optional<Error> first_bad;
};

/// BatchPlanner reads a whole manifest, judges every row, and writes it into a ledger that is not committed yet.
class BatchPlanner {
 public:
  /// `folder` may be null where no file is to be written. `tell_bad` is told each bad row as it is found.
  BatchPlanner(const RowComposer& composer, batch::Ledger& ledger, const BatchFolder* folder, Shard shard,
               std::function<void(const BadRow&)> tell_bad)
      : composer_(composer), ledger_(ledger), folder_(folder), shard_(shard), tell_bad_(std::move(tell_bad)) {}

  /// read throws Error for a manifest that cannot be read.
  [[nodiscard]] BatchPlan read(const std::string& path, std::istream& in);

 private:
  void take(ManifestRow&& row);
  void bad(std::uint64_t line, std::string column, const Error& error);
  [[nodiscard]] std::optional<Error> objection_to_file(const std::string& label) const;
  [[nodiscard]] static std::optional<Error> objection_to(batch::Ledger::Planning planning,
                                                         const batch::PlannedRow& row);

  const RowComposer& composer_;
  batch::Ledger& ledger_;
  const BatchFolder* folder_;
  Shard shard_;
  std::function<void(const BadRow&)> tell_bad_;
  BatchPlan plan_;
};

}  // namespace p11csr::cli
