#include "batch/run_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>

#include "batch/followed.hpp"
#include "model/quote.hpp"

namespace p11csr::batch {
namespace {

Error failed(const std::string& path) {
  return {Errc::file_failed, fmt::format("cannot lock {}: {}", model::in_quotes(path), std::strerror(errno)),
          "name a ledger in a folder that can be written to, with --ledger"};
}

// A lock of the whole file that the system gives back whatever way the process ends, and tells whose it is.
struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

bool is_still_named(int fd, const std::string& path) {
  struct stat open_file {};
  struct stat named {};
  return fstat(fd, &open_file) == 0 && stat(path.c_str(), &named) == 0 && open_file.st_ino == named.st_ino &&
         open_file.st_dev == named.st_dev;
}

Error in_use(const std::string& ledger, int fd) {
  struct flock owner = whole_file();
  const bool known = fcntl(fd, F_GETLK, &owner) == 0 && owner.l_type != F_UNLCK && owner.l_pid > 0;
  return {Errc::file_failed,
          fmt::format("another run uses the ledger {}{}", model::in_quotes(ledger),
                      known ? fmt::format(": process {}", owner.l_pid) : std::string()),
          "wait until it has ended, or name another ledger with --ledger"};
}

}  // namespace

RunLock::RunLock(const std::string& ledger) : path_(followed(ledger) + "-lock") {
  constexpr mode_t for_owner_only = 0600;
  // The one who had it may have removed the name between our open and our lock.
  do {
    if (fd_ >= 0) close(fd_);
    fd_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, for_owner_only);
    if (fd_ < 0) throw failed(path_);
    struct flock lock = whole_file();
    if (fcntl(fd_, F_SETLK, &lock) == 0) continue;
    const Error error = errno == EACCES || errno == EAGAIN ? in_use(ledger, fd_) : failed(path_);
    close(fd_);
    throw Error(error);
  } while (!is_still_named(fd_, path_));
}

RunLock::~RunLock() {
  unlink(path_.c_str());
  close(fd_);
}

}  // namespace p11csr::batch
