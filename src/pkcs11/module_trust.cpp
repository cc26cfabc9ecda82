#include "pkcs11/module_trust.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>

namespace p11csr::pkcs11 {
namespace {

struct Freer {
  void operator()(char* text) const noexcept { std::free(text); }
};

std::optional<std::string> who_else_writes(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  if (status.st_uid != 0 && status.st_uid != geteuid())
    return fmt::format("'{}' belongs to another user (uid {})", path, status.st_uid);
  if ((status.st_mode & S_IWOTH) != 0) return fmt::format("everybody can write to '{}'", path);
  if ((status.st_mode & S_IWGRP) != 0 && status.st_gid != 0 && status.st_gid != getegid())
    return fmt::format("the group {} can write to '{}'", status.st_gid, path);
  return std::nullopt;
}

}  // namespace

void require_trusted_path(const std::string& path) {
  if (path.find('/') == std::string::npos) return;
  const std::unique_ptr<char, Freer> real(realpath(path.c_str(), nullptr));
  if (!real) return;
  const std::string file = real.get();
  const std::string folder = file.substr(0, file.rfind('/') + 1);
  auto finding = who_else_writes(file);
  if (!finding) finding = who_else_writes(folder);
  if (finding)
    throw Error(Errc::module_unusable, fmt::format("the module is not loaded: {}", *finding),
                "take the write permission away, or say --trust-module if you know who can write there");
}

}  // namespace p11csr::pkcs11
