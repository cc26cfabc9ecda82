#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/batch/ledger.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/workflow/create_request.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// BatchComposer makes requests out of rows. compose is called from several threads at a time.
class BatchComposer {
 public:
  virtual ~BatchComposer() = default;
  /// compose gives what a row asks for, with its key's label, ID or selector. Throws Error.
  [[nodiscard]] virtual RequestOptions compose(const batch::PlannedRow& row) const = 0;
};

/// BatchFiles is where requests go, by the labels of their rows.
class BatchFiles {
 public:
  virtual ~BatchFiles() = default;
  /// has tells whether the request of that label is there, whole.
  [[nodiscard]] virtual bool has(const std::string& label, const Bytes& request) const = 0;
  /// keep writes it, whole or not at all, over nothing but what an earlier try left. Throws Error(file_failed) and
  /// Error(file_exists).
  virtual void keep(const std::string& label, const Bytes& request) = 0;
};

/// BatchProgress is how a run stands.
struct BatchProgress {
  std::uint64_t total = 0;     // rows of the ledger
  std::uint64_t finished = 0;  // that are written, those of earlier runs too
  std::uint64_t done = 0;      // in this run
  std::uint64_t failed = 0;    // in this run
  unsigned sessions = 0;
  std::vector<std::uint64_t> by_session;  // rows that each one did
  std::chrono::steady_clock::duration elapsed{};
  std::chrono::steady_clock::duration before_rows{};  // the part of it that went by before the first row was begun
};

/// BatchOptions is all that run_batch needs to know. What it points to outlives it.
struct BatchOptions {
  TokenChoice token;
  PinChoice pin;
  std::optional<unsigned> sessions;  // absent: as many as keep this machine busy, 16 at most
  unsigned retries = 5;              // of a row whose session was lost
  bool allow_extractable = false;
  x509::SelfVerification self_verification = x509::SelfVerification::required;
  const BatchComposer* composer = nullptr;
  BatchFiles* files = nullptr;
  batch::Ledger* ledger = nullptr;
  std::function<void(const BatchProgress&)> progress;  // told from the calling thread, some times a second
  std::function<bool()> stopped;                       // true once the rows in flight are to be the last ones
};

/// BatchSummary is what a run came to.
struct BatchSummary {
  BatchProgress progress;
  std::optional<Error> first_failure;  // of a row
  std::string first_failed;            // its label
  std::optional<Error> ended_by;       // what ended the run before its end
  bool interrupted = false;
  std::uint64_t restored = 0;  // files that were lost, written again from the ledger
};

/// run_batch makes the keys and requests of all rows that are not written yet. A row that fails does not end the run, a
/// token that is lost does. Throws Error for what stands in the way before the first key is made.
[[nodiscard]] BatchSummary run_batch(const BatchOptions& options, const Surroundings& surroundings);

/// OrphanReport compares the keys of a token with those of ledgers.
struct OrphanReport {
  std::vector<std::string> orphans;  // URIs of keys that no row owns
  std::uint64_t owned = 0;           // objects that a row owns
};

/// find_orphans lists the keys on the token that no row of the ledgers owns; nothing is changed. Throws Error.
[[nodiscard]] OrphanReport find_orphans(const TokenChoice& token, const PinChoice& pin,
                                        const std::vector<const batch::Ledger*>& ledgers,
                                        const Surroundings& surroundings);

}  // namespace p11csr::workflow
#pragma GCC visibility pop
