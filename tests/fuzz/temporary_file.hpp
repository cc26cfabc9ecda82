#pragma once

#include <cstdlib>
#include <string>
#include <unistd.h>

#include <p11csr/model/bytes.hpp>

namespace p11csr::test {

/// TemporaryFile is a file, in memory where there is a place for that, for what reads files by their path. (SQLite
/// follows links to the end, so that a memfd has no path for it.)
class TemporaryFile {
 public:
  explicit TemporaryFile(ByteView content)
      : path_(access("/dev/shm", W_OK) == 0 ? "/dev/shm/p11csr-XXXXXX" : "/tmp/p11csr-XXXXXX") {
    const int fd = mkstemp(path_.data());
    if (fd < 0 || write(fd, content.data(), content.size()) != static_cast<ssize_t>(content.size())) std::abort();
    close(fd);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  // SQLite puts files beside a database.
  ~TemporaryFile() {
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) unlink((path_ + suffix).c_str());
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace p11csr::test
