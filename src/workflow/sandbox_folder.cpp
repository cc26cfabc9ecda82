#include "workflow/sandbox_folder.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <p11csr/model/error.hpp>

#include "model/quote.hpp"

namespace p11csr::workflow {
namespace {

constexpr std::string_view kPrefix = "p11csr-sandbox.";
constexpr std::size_t kLetters = 6;  // that mkdtemp draws
constexpr const char* kKept = "environment";

Error cannot(const char* what, const std::string& path) {
  return {Errc::file_failed, fmt::format("cannot {} {}: {}", what, model::in_quotes(path), std::strerror(errno)),
          "set TMPDIR to a folder that can be written"};
}

// SoftHSM2 reads a line into 1,024 octets, ends its value at '#' and at a second '=', and would go on with what is
// left: a folder that nobody meant.
void require_configurable(const std::string& path) {
  const auto ends_value = [](unsigned char c) { return c == '#' || c == '=' || c < 0x20 || c == 0x7f; };
  const auto found = std::find_if(path.begin(), path.end(), ends_value);
  constexpr std::size_t longest = 900;
  if (found == path.end() && path.size() <= longest) return;
  const std::string reason =
      found == path.end() ? "so long a path as" : fmt::format("the {} in", model::in_quotes(std::string(1, *found)));
  throw Error(Errc::file_failed,
              fmt::format("SoftHSM2's configuration cannot hold {} {}", reason, model::in_quotes(path)),
              "set TMPDIR to another folder");
}

int open_folder(const std::string& path) { return open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }

bool same_file(int fd, const std::string& path) {
  struct stat held {};
  struct stat there {};
  return fstat(fd, &held) == 0 && lstat(path.c_str(), &there) == 0 && held.st_dev == there.st_dev &&
         held.st_ino == there.st_ino;
}

// Programs that are started inherit the descriptor, and with it the lock. Shells give low numbers to files of their
// own.
int inheritable(int fd) {
  constexpr int high = 200;
  const int copy = fcntl(fd, F_DUPFD, high);
  if (copy < 0) {
    fcntl(fd, F_SETFD, 0);
    return fd;
  }
  close(fd);
  return copy;
}

// Between mkdtemp and flock another process may take the folder for an abandoned one and remove it: -1 then.
int lock_of_new(const std::string& path) {
  const int fd = open_folder(path);
  if (fd < 0 && errno == ENOENT) return -1;
  if (fd < 0) {
    const int reason = errno;
    rmdir(path.c_str());
    errno = reason;
    throw cannot("open", path);
  }
  // Where the file system has no locks, nobody else gets one to find the folder abandoned.
  while (flock(fd, LOCK_EX) != 0 && errno == EINTR) {
  }
  if (same_file(fd, path)) return inheritable(fd);
  close(fd);
  return -1;
}

bool has_name_of_sandbox(std::string_view name) {
  const auto is_drawn = [](unsigned char c) { return std::isalnum(c) != 0; };
  return name.size() == kPrefix.size() + kLetters && name.starts_with(kPrefix) &&
         std::all_of(name.begin() + kPrefix.size(), name.end(), is_drawn);
}

bool lacks(int folder, const char* name) {
  return faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
}

bool is_abandoned(int fd, const std::string& path) {
  struct stat status {};
  if (fstat(fd, &status) != 0 || status.st_uid != geteuid()) return false;
  // Whoever uses it holds the lock. It is asked for first: its holder may be about to keep the folder.
  if (flock(fd, LOCK_EX | LOCK_NB) != 0 || !lacks(fd, kKept)) return false;
  std::error_code problem;
  return !lacks(fd, SandboxFolder::kConfiguration) || std::filesystem::is_empty(path, problem);
}

// Programs can close what they inherit, as Python's subprocess does, and the lock with it; their environment still
// names the folder.
bool is_in_an_environment(const std::string& name) {
  std::error_code problem;
  for (std::filesystem::directory_iterator entry("/proc", problem), end; !problem && entry != end;
       entry.increment(problem)) {
    std::ifstream file(entry->path() / "environ", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.find(name) != std::string::npos) return true;
  }
  return false;
}

// The configuration goes last: what a removal that was cut off has left is still known for a sandbox.
bool remove_sandbox(const std::string& path) noexcept {
  std::error_code problem;
  for (std::filesystem::directory_iterator entry(path, problem), end; !problem && entry != end;
       entry.increment(problem))
    if (entry->path().filename() != SandboxFolder::kConfiguration) std::filesystem::remove_all(entry->path(), problem);
  if (!problem) std::filesystem::remove_all(path, problem);
  return !problem || problem == std::errc::no_such_file_or_directory;
}

}  // namespace

SandboxFolder::SandboxFolder(const std::string& parent) {
  std::error_code ignored;
  const std::string pattern =
      (std::filesystem::absolute(parent, ignored) / kPrefix).string() + std::string(kLetters, 'X');
  require_configurable(pattern);
  remove_abandoned(parent);
  for (int tries = 0; lock_ < 0; ++tries) {
    constexpr int most = 1000;
    path_ = pattern;
    if (tries == most || mkdtemp(path_.data()) == nullptr) throw cannot("make a folder in", parent);
    lock_ = lock_of_new(path_);
  }
}

SandboxFolder::~SandboxFolder() {
  static_cast<void>(remove());
  close(lock_);
}

std::string SandboxFolder::make_folder(const char* name) const {
  std::string path = path_ + '/' + name;
  if (mkdir(path.c_str(), 0700) != 0) throw cannot("make", path);
  return path;
}

std::string SandboxFolder::write_file(const char* name, ByteView content) const {
  std::string path = path_ + '/' + name;
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) throw cannot("make", path);
  const ssize_t written = write(fd, content.data(), content.size());
  if (close(fd) != 0 || written != static_cast<ssize_t>(content.size())) throw cannot("write", path);
  return path;
}

std::string SandboxFolder::keep(ByteView content) {
  std::string path = write_file(kKept, content);
  kept_ = true;
  return path;
}

bool SandboxFolder::remove() const noexcept { return kept_ || getpid() != maker_ || remove_sandbox(path_); }

void remove_abandoned(const std::string& parent) noexcept {
  std::error_code problem;
  for (std::filesystem::directory_iterator entry(parent, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    const std::string path = entry->path().string();
    const std::string name = entry->path().filename().string();
    if (!has_name_of_sandbox(name)) continue;
    const int fd = open_folder(path);
    if (fd < 0) continue;
    if (is_abandoned(fd, path) && !is_in_an_environment(name) && same_file(fd, path))
      static_cast<void>(remove_sandbox(path));
    close(fd);
  }
}

}  // namespace p11csr::workflow
