#include "pkcs11/module_trust.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <deque>
#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>

namespace p11csr::pkcs11 {
namespace {

// What the kernel follows before it says ELOOP (path_resolution(7)).
constexpr int kMostLinks = 40;

using Steps = std::deque<std::string>;

Error not_there(const std::string& path, int reason) {
  return {Errc::module_unusable, fmt::format("cannot load the module '{}': {}", path, std::strerror(reason)),
          "name the module: --module /path/to/module.so, or set P11CSR_MODULE"};
}

bool is_ours(const struct stat& status) { return status.st_uid == 0 || status.st_uid == geteuid(); }

std::optional<std::string> who_else_writes(const std::string& path, const struct stat& status) {
  if (!is_ours(status)) return fmt::format("'{}' belongs to another user (uid {})", path, status.st_uid);
  if ((status.st_mode & S_IWOTH) != 0) return fmt::format("everybody can write to '{}'", path);
  if ((status.st_mode & S_IWGRP) != 0 && status.st_gid != 0 && status.st_gid != getegid())
    return fmt::format("the group {} can write to '{}'", status.st_gid, path);
  // With an access control list the group's bits are the most that anybody whom it names may do (acl(5)).
  if ((status.st_mode & S_IWGRP) != 0 && getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0)
    return fmt::format("an access control list lets others write to '{}'", path);
  return std::nullopt;
}

void refuse(const std::optional<std::string>& finding) {
  if (!finding) return;
  throw Error(Errc::module_unusable, fmt::format("the module is not loaded: {}", *finding),
              "take the write permission away, or say --trust-module if you know who can write there");
}

// In a sticky folder nobody can replace what belongs to another (inode(7), S_ISVTX); its owner still can.
void judge_folder(const std::string& folder, const struct stat& status, const struct stat& entry) {
  if ((status.st_mode & S_ISVTX) != 0 && is_ours(status) && is_ours(entry)) return;
  refuse(who_else_writes(folder, status));
}

// The steps of a path, before those that are left.
void prepend(Steps& steps, const std::string& path) {
  Steps first;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) first.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  steps.insert(steps.begin(), first.begin(), first.end());
}

std::string target_of(const std::string& link, const std::string& path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = readlink(link.c_str(), target.data(), target.size());
  if (length < 0) throw not_there(path, errno);
  return {target.data(), static_cast<std::size_t>(length)};
}

std::string working_folder(const std::string& path) {
  std::array<char, PATH_MAX> folder{};
  if (getcwd(folder.data(), folder.size()) == nullptr) throw not_there(path, errno);
  return folder.data();
}

struct stat status_of(const std::string& place, const std::string& path) {
  struct stat status {};
  if (lstat(place.c_str(), &status) != 0) throw not_there(path, errno);
  return status;
}

}  // namespace

std::string trusted_path(const std::string& path) {
  Steps steps;
  prepend(steps, path);
  if (path.front() != '/') prepend(steps, working_folder(path));
  std::string place;  // without links; empty: the root
  struct stat status = status_of("/", path);
  for (int links = 0; !steps.empty();) {
    const std::string step = std::move(steps.front());
    steps.pop_front();
    if (step == ".") continue;
    if (step == "..") {
      place.erase(std::min(place.rfind('/'), place.size()));
      status = status_of(place.empty() ? "/" : place, path);
      continue;
    }
    const std::string next = fmt::format("{}/{}", place, step);
    const struct stat entry = status_of(next, path);
    judge_folder(place.empty() ? "/" : place, status, entry);
    if (S_ISLNK(entry.st_mode)) {
      if (++links > kMostLinks) throw not_there(path, ELOOP);
      const std::string target = target_of(next, path);
      prepend(steps, target);
      if (target.front() != '/') continue;
      place.clear();
      status = status_of("/", path);
      continue;
    }
    place = next;
    status = entry;
  }
  refuse(who_else_writes(place, status));
  return place.empty() ? "/" : place;
}

}  // namespace p11csr::pkcs11
