#include "line_file.hpp"

#include <fcntl.h>
#include <set>
#include <unistd.h>

#include "complain.hpp"

namespace wayward {

void LineFile::open(const std::string& path) {
  if (path.empty()) return;
  path_ = path;
  // A second life of the same process goes on in the same file.
  static std::set<std::string> begun;
  const bool first = begun.insert(path).second;
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (first ? O_TRUNC : 0), 0644);
  if (descriptor_ < 0) complain_and_abort("cannot write the file '" + path + "'");
}

void LineFile::add(const std::string& line) {
  if (descriptor_ < 0) return;
  const std::string text = line + '\n';
  if (::write(descriptor_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    complain_and_abort("cannot write the file '" + path_ + "'");
}

void LineFile::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace wayward
