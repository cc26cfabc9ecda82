#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include <p11csr/workflow/batch.hpp>

#include "workflow/batch_keys.hpp"
#include "workflow/batch_queue.hpp"
#include "workflow/make_request.hpp"

namespace p11csr::workflow {

/// BatchJob is a row for a worker. `look` says that the token may have the row's key already.
struct BatchJob {
  std::int64_t number = 0;
  batch::PlannedRow row;
  bool look = false;
};

/// BatchEvent is what a worker tells: that a key was made, that a request is signed, or that a row failed.
struct BatchEvent {
  std::int64_t number = 0;
  std::string label;
  unsigned worker = 0;
  std::string key_uri;
  std::string spki_sha256;
  Bytes request;               // empty where the key alone is there
  std::optional<Error> error;  // of a row that failed
  bool ends_run = false;       // with an error: no session can be had any more
};

/// LoginGate is passed by all who need the token's login, and closed by one who renews it. Whoever wants to close it is
/// let in before those who come later: while others work without a pause, a shared_mutex alone would keep it waiting.
class LoginGate {
 public:
  [[nodiscard]] std::shared_lock<std::shared_mutex> pass() {
    const std::lock_guard in_line(line_);
    return std::shared_lock(login_);
  }
  [[nodiscard]] std::unique_lock<std::shared_mutex> close() {
    const std::lock_guard in_line(line_);
    return std::unique_lock(login_);
  }

 private:
  std::mutex line_;
  std::shared_mutex login_;
};

/// BatchFloor is what all workers share. It outlives them.
struct BatchFloor {
  const BatchOptions& options;
  const pkcs11::Token& token;
  const RequestOptions& settings;  // of the first row; but for its key and its spec they are those of all
  const std::vector<CK_MECHANISM_TYPE>& mechanisms;
  const KnownKeys* known = nullptr;
  Surroundings surroundings;  // whose functions may be called from any thread
  Queue<BatchJob> jobs;
  Queue<BatchEvent> events;
  LoginGate login;  // passed while a row is worked on, closed while sessions are renewed
  std::atomic<bool> abandoned = false;
};

/// BatchWorker works on one row after the other, in a session of its own.
class BatchWorker {
 public:
  BatchWorker(BatchFloor& floor, pkcs11::Session session, const Logins& logins, unsigned number)
      : floor_(floor), number_(number), session_(std::move(session)), logins_(logins.on(session_)) {}
  BatchWorker(BatchWorker&&) = delete;

  /// run ends when there are no jobs any more, or a session is not to be had.
  void run() noexcept;

 private:
  void work_on(const BatchJob& job);
  [[nodiscard]] BatchEvent make(const BatchJob& job);
  [[nodiscard]] RequestReport make_composed(const BatchJob& job, const Bench& bench);
  void renew_session(unsigned attempt);
  void open_session();
  void tell(const BatchJob& job, const Error& error, bool ends_run);

  BatchFloor& floor_;
  unsigned number_;
  pkcs11::Session session_;
  Logins logins_;
  bool stale_ = false;  // a call failed, and may have left an operation behind
};

}  // namespace p11csr::workflow
