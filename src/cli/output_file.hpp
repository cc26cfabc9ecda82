#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>

namespace p11csr::cli {

enum class Overwrite { no, yes };

/// OutputFile is a file that appears whole or not at all. prepare proves that it can be written before anything costly
/// happens; without publish nothing is left behind.
class OutputFile {
 public:
  /// prepare throws Error(file_exists) or Error(file_failed). `mode` is the file's permission before the umask.
  [[nodiscard]] static OutputFile prepare(const std::string& path, Overwrite overwrite, mode_t mode);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// append writes a part of the content, which publish completes. Throws Error(file_failed).
  void append(std::string_view content);
  /// publish writes the content, brings it to the disk and gives it its name. Throws Error(file_failed), or
  /// Error(file_exists) where the name was taken meanwhile.
  void publish(std::string_view content);

 private:
  OutputFile(std::string path, Overwrite overwrite, mode_t mode)
      : path_(std::move(path)), overwrite_(overwrite), mode_(mode) {}
  void open_nameless();
  void open_temporary();
  void prove_writable();
  void give_name();

  std::string path_;
  Overwrite overwrite_;
  mode_t mode_;
  std::string folder_;
  std::string temporary_;  // its name while it has none of its own; empty for a nameless file
  int fd_ = -1;
};

/// replace_file writes a file that appears whole or not at all, in less than half the time of an OutputFile: one in
/// thousands, which can be written again. The disk gets to it when the system likes. A process that is killed in it can
/// leave ".NAME.new" beside it, which the next call for that path takes away. Throws Error(file_failed).
void replace_file(const std::string& path, std::string_view content, mode_t mode);

}  // namespace p11csr::cli
