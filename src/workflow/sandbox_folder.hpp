#pragma once

#include <string>
#include <unistd.h>

#include <p11csr/model/bytes.hpp>

namespace p11csr::workflow {

/// SandboxFolder is a folder "p11csr-sandbox.XXXXXX" of mode 0700 that is locked as long as this process, or one that
/// it has started, is there. An unlocked one was abandoned: its process was killed. It belongs to the process that made
/// it: a copy of that (fork) removes nothing.
class SandboxFolder {
 public:
  /// kConfiguration is the file by which a folder is known for a sandbox. It is written first, and removed last.
  static constexpr const char* kConfiguration = "softhsm2.conf";

  /// SandboxFolder makes one below `parent`, and removes those that were abandoned there. Throws Error(file_failed).
  explicit SandboxFolder(const std::string& parent);
  SandboxFolder(const SandboxFolder&) = delete;
  SandboxFolder& operator=(const SandboxFolder&) = delete;
  /// Removes the folder, unless it is kept.
  ~SandboxFolder();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// make_folder and write_file make what was not there, for this user alone, and give its path. Throw
  /// Error(file_failed).
  std::string make_folder(const char* name) const;                   // NOLINT(modernize-use-nodiscard)
  std::string write_file(const char* name, ByteView content) const;  // NOLINT(modernize-use-nodiscard)

  /// keep writes the file that lets the folder stay for good, and gives its path. Throws Error(file_failed).
  std::string keep(ByteView content);

  /// remove deletes the folder unless it is kept; false where something of it is left. May be called from any thread.
  [[nodiscard]] bool remove() const noexcept;

 private:
  std::string path_;
  pid_t maker_ = getpid();
  int lock_ = -1;
  bool kept_ = false;
};

/// remove_abandoned removes the sandboxes below `parent` that no process has locked, or names in its environment. What
/// cannot be removed stays, and so does what only has a similar name.
void remove_abandoned(const std::string& parent) noexcept;

}  // namespace p11csr::workflow
