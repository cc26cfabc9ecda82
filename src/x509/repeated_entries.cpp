#include "x509/repeated_entries.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace p11csr::x509 {
namespace {

constexpr std::string_view blanks = " \t\r\v\f";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// Lines gives the lines of a file, those that end with a backslash joined with the next, comments too.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  /// number is that of the line given last; of several the first.
  [[nodiscard]] std::size_t number() const { return number_; }

  std::string next() {
    number_ = read_ + 1;
    std::string line;
    bool continued = true;
    while (continued && !rest_.empty()) {
      line += take();
      // Of two backslashes the first escapes the second.
      continued = line.ends_with('\\') && !line.ends_with("\\\\");
      if (continued) line.pop_back();
    }
    return line;
  }

 private:
  std::string_view take() {
    const auto end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++read_;
    while (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  std::string_view rest_;
  std::size_t read_ = 0;
  std::size_t number_ = 0;
};

/// Scanner goes through a configuration as OpenSSL's def_load_bio does, which has judged it before.
class Scanner {
 public:
  void scan(std::string_view text, const std::string& file) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    for (Lines lines(text); !lines.at_end();) {
      const std::string line = lines.next();
      take(trimmed(line), file, lines.number());
    }
  }

  [[nodiscard]] std::map<std::string, RepeatedEntry> found() && { return std::move(found_); }

 private:
  void take(std::string_view line, const std::string& file, std::size_t number) {
    if (line.empty() || line.front() == '#') return;
    if (line.front() == '[') {
      section_ = trimmed(line.substr(1, std::min(line.find(']'), line.size()) - 1));
      return;
    }
    std::string_view name = trimmed(line.substr(0, line.find('=')));
    if (is_directive(name, ".include")) return include(line);
    if (is_directive(name, ".pragma")) return;
    std::string section = section_;
    if (const auto colons = name.find("::"); colons != std::string_view::npos) {
      section = name.substr(0, colons);
      name.remove_prefix(colons + 2);
    }
    if (!names_.emplace(section, name).second) found_.emplace(section, RepeatedEntry{std::string(name), file, number});
  }

  static bool is_directive(std::string_view name, std::string_view directive) {
    return name.starts_with(directive) &&
           (name.size() == directive.size() || blanks.find(name[directive.size()]) != std::string_view::npos);
  }

  void include(std::string_view line) {
    constexpr int most_files = 64;
    constexpr std::uintmax_t longest_file = 1024UL * 1024UL;
    line.remove_prefix(std::string_view(".include").size());
    line = trimmed(line);
    if (line.starts_with('=')) line = trimmed(line.substr(1));
    if (line.find_first_of("$\\\"'`#") != std::string_view::npos || files_ == most_files) return;
    ++files_;
    const std::string path(line);
    std::error_code problem;
    if (!std::filesystem::is_regular_file(path, problem) || std::filesystem::file_size(path, problem) > longest_file)
      return;
    std::ifstream file(path, std::ios::binary);
    scan(std::string(std::istreambuf_iterator<char>(file), {}), path);
  }

  std::string section_ = "default";
  std::set<std::pair<std::string, std::string>> names_;
  std::map<std::string, RepeatedEntry> found_;
  int files_ = 0;
};

}  // namespace

std::map<std::string, RepeatedEntry> repeated_entries(ByteView text) {
  Scanner scanner;
  scanner.scan(as_text(text), {});
  return std::move(scanner).found();
}

}  // namespace p11csr::x509
