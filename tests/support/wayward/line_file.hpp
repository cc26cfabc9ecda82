#pragma once

#include <string>

namespace wayward {

/// LineFile is a file that gets a line at a time, each with one write: nothing is lost when the process is killed, and
/// lines of several threads do not mix. One without a path takes lines and keeps none.
class LineFile {
 public:
  /// open empties the file when a process opens it first, and goes on in it later; ends the process where it cannot.
  void open(const std::string& path);
  void add(const std::string& line);
  void close();

 private:
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace wayward
