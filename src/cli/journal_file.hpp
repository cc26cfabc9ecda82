#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/workflow/enroll_journal.hpp>

#include "cli/descriptor.hpp"

namespace p11csr::cli {

/// JournalFile is a journal as JSON Lines: a line for each time that a card came further, brought to the disk before
/// the next step. What a process that was cut off wrote of a last line does not count.
class JournalFile : public workflow::EnrollJournal {
 public:
  /// open reads the journal, or makes a new one (0600). Throws Error(file_failed), also where another session has it,
  /// and Error(malformed_input) that names the line.
  [[nodiscard]] static JournalFile open(const std::string& path);
  /// read gives the records of a journal that may be in use. Throws Error(file_failed), Error(malformed_input).
  [[nodiscard]] static std::vector<workflow::CardRecord> read(const std::string& path);

  [[nodiscard]] std::optional<workflow::CardRecord> find(const workflow::CardIdentity& card) const override;
  [[nodiscard]] std::vector<workflow::CardRecord> records() const override { return records_; }
  void write(workflow::CardRecord record) override;

 private:
  JournalFile(std::string path, int fd) : path_(std::move(path)), file_(std::make_unique<Descriptor>(fd)) {}

  std::string path_;
  std::unique_ptr<Descriptor> file_;
  std::vector<workflow::CardRecord> records_;  // the last one of each card
};

}  // namespace p11csr::cli
