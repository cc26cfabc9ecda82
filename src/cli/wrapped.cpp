#include "cli/wrapped.hpp"

#include <algorithm>

namespace p11csr::cli {

void add_wrapped(std::string& text, std::string_view words, std::size_t indent) {
  constexpr std::size_t width = 80;
  std::size_t column = indent;
  while (!words.empty()) {
    const std::size_t length = std::min(words.find(' '), words.size());
    if (column > indent && column + 1 + length > width) {
      text += '\n' + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) {
      text += ' ';
      ++column;
    }
    text += words.substr(0, length);
    column += length;
    words.remove_prefix(std::min(length + 1, words.size()));
  }
  text += '\n';
}

}  // namespace p11csr::cli
