#pragma once

#include <string>

namespace p11csr::batch {

/// RunLock keeps a ledger for one run. Its file beside the ledger is gone with it.
class RunLock {
 public:
  /// RunLock throws Error(file_failed) that names the process that has the ledger.
  explicit RunLock(const std::string& ledger);
  RunLock(RunLock&&) = delete;
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  ~RunLock();

 private:
  std::string path_;
  int fd_ = -1;
};

}  // namespace p11csr::batch
