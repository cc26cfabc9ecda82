#include "cli/output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>

#include "cli/descriptor.hpp"

namespace p11csr::cli {
namespace {

Error failed(const std::string& path, int reason) {
  return {Errc::file_failed, fmt::format("cannot write '{}': {}", path, std::strerror(reason)),
          "choose another place with --out"};
}

Error taken(const std::string& path) {
  return {Errc::file_exists, fmt::format("'{}' exists already", path),
          "choose another --out, or replace it with --force"};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

void require_replaceable(const std::string& path, Overwrite overwrite) {
  struct stat status {};
  if (lstat(path.c_str(), &status) == 0) {
    if (overwrite == Overwrite::no) throw taken(path);
    if (!S_ISREG(status.st_mode))
      throw Error(Errc::file_failed, fmt::format("'{}' is not a regular file and is not replaced", path),
                  "leave --out away to write to standard output");
  } else if (errno != ENOENT) {
    throw failed(path, errno);
  }
}

}  // namespace

OutputFile OutputFile::prepare(const std::string& path, Overwrite overwrite, mode_t mode) {
  require_replaceable(path, overwrite);
  OutputFile file(path, overwrite, mode);
  file.folder_ = folder_of(path);
  file.open_nameless();
  if (file.fd_ < 0) file.prove_writable();
  return file;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      overwrite_(other.overwrite_),
      mode_(other.mode_),
      folder_(std::move(other.folder_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::exchange(other.fd_, -1)) {}

OutputFile::~OutputFile() {
  if (fd_ >= 0) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

// A file without a name vanishes with the process, however that ends.
void OutputFile::open_nameless() {
  if (access("/proc/self/fd", X_OK) != 0) return;  // without it a nameless file cannot get its name
  fd_ = open(folder_.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode_);
  const bool unknown = errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL || errno == ENOENT;
  if (fd_ < 0 && !unknown) throw failed(path_, errno);
}

void OutputFile::open_temporary() {
  const std::string name = fmt::format("{}/.p11csr-{}", folder_, to_hex(crypto::random_bytes(8)));
  fd_ = open(name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode_);
  if (fd_ < 0) throw failed(path_, errno);
  temporary_ = name;
}

// A process may be ended at any moment until the content is there, and a file with a name would stay.
void OutputFile::prove_writable() {
  open_temporary();
  unlink(temporary_.c_str());
  temporary_.clear();
  close(std::exchange(fd_, -1));
}

void OutputFile::append(std::string_view content) {
  if (fd_ < 0) open_temporary();
  if (!write_all(fd_, content)) throw failed(path_, errno);
}

void OutputFile::publish(std::string_view content) {
  append(content);
  if (fsync(fd_) != 0 && errno != EINVAL) throw failed(path_, errno);
  give_name();
}

void OutputFile::give_name() {
  const std::string nameless = fmt::format("/proc/self/fd/{}", fd_);
  if (temporary_.empty()) {
    if (linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW) == 0) return;
    if (errno != EEXIST) throw failed(path_, errno);
    if (overwrite_ == Overwrite::no) throw taken(path_);
    // A name cannot be given to a nameless file over another one: it takes one of its own first.
    const std::string name = fmt::format("{}/.p11csr-{}", folder_, to_hex(crypto::random_bytes(8)));
    if (linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) throw failed(path_, errno);
    temporary_ = name;
  }
  if (overwrite_ == Overwrite::yes) {
    if (rename(temporary_.c_str(), path_.c_str()) != 0) throw failed(path_, errno);
    temporary_.clear();
    return;
  }
  if (link(temporary_.c_str(), path_.c_str()) != 0) throw errno == EEXIST ? taken(path_) : failed(path_, errno);
}

void replace_file(const std::string& path, std::string_view content, mode_t mode) {
  require_replaceable(path, Overwrite::yes);
  const std::string folder = folder_of(path);
  const std::string name = path.substr(path.rfind('/') + 1);
  const std::string temporary = fmt::format("{}/.{}.new", folder, name);
  const auto create = [&] { return open(temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode); };
  int fd = create();
  if (fd < 0 && errno == EEXIST && unlink(temporary.c_str()) == 0) fd = create();
  if (fd < 0) throw failed(path, errno);
  const Descriptor file(fd);
  if (write_all(fd, content) && rename(temporary.c_str(), path.c_str()) == 0) return;
  const int reason = errno;
  unlink(temporary.c_str());
  throw failed(path, reason);
}

}  // namespace p11csr::cli
