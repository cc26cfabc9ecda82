#include "profile/toml_characters.hpp"

#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/quote.hpp"
#include "model/utf8.hpp"

namespace p11csr::profile {

namespace {

/// Scanner walks over a document. Text that is no TOML may be taken for something else from its first error on, where
/// toml++ stops.
class Scanner {
 public:
  Scanner(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  void run() {
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '#' && !everywhere_) {
        skip_to_line_end();
      } else if (is_quote(c) && !everywhere_ && begins_string()) {
        skip_string(c);
      } else {
        check_ascii();
        // Where toml++ looks ahead for the end of a number, quotation marks are nothing special.
        if (is_quote(c)) everywhere_ = true;
        if (c == '[' || c == '{') ++depth_;
        if (c == ']' || c == '}') --depth_;
        ++position_;
      }
    }
  }

 private:
  static bool is_quote(char c) { return c == '"' || c == '\''; }

  /// begins_string tells whether toml++ reaches this quotation mark as the first character of a string.
  [[nodiscard]] bool begins_string() const {
    auto line = text_.substr(0, position_);
    line.remove_prefix(line.rfind('\n') + 1);
    long depth = depth_;
    for (; !line.empty() && (line.back() == '[' || line.back() == '{'); --depth) line.remove_suffix(1);
    if (line.empty() || std::string_view(" \t,").find(line.back()) != std::string_view::npos) return true;
    return depth == 0 && line.back() == '=' && is_key(line.substr(0, line.size() - 1));
  }

  static bool is_key(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return std::all_of(text.begin(), text.end(), [](char c) {
      return model::is_alphanumeric(c) || std::string_view("-_.").find(c) != std::string_view::npos;
    });
  }

  void skip_to_line_end() {
    const auto end = text_.find('\n', position_);
    position_ = end == std::string_view::npos ? text_.size() : end;
  }

  void skip_string(char quote) {
    const std::string_view three = quote == '"' ? "\"\"\"" : "'''";
    if (text_.substr(position_).starts_with(three)) return skip_lines(quote, three);
    for (++position_; position_ < text_.size() && text_[position_] != '\n'; ++position_) {
      if (text_[position_] == quote) {
        ++position_;
        return;
      }
      if (quote == '"' && text_[position_] == '\\') ++position_;
    }
  }

  void skip_lines(char quote, std::string_view three) {
    position_ += three.size();
    for (; position_ < text_.size(); ++position_) {
      if (text_.substr(position_).starts_with(three)) break;
      check_ascii();
      if (quote != '"' || text_[position_] != '\\') continue;
      ++position_;
      check_ascii();
    }
    // Up to two quotation marks before the three that close belong to the text.
    const std::size_t longest = position_ + three.size() + 2;
    while (position_ < text_.size() && position_ < longest && text_[position_] == quote) ++position_;
  }

  void check_ascii() const {
    if (position_ >= text_.size() || model::is_ascii(text_.substr(position_, 1))) return;
    const auto before = text_.substr(0, position_);
    const auto line_start = before.rfind('\n') + 1;
    std::size_t line = 1;
    for (const char c : before) line += c == '\n' ? 1U : 0U;
    const auto characters = model::count_code_points(before.substr(line_start));
    const auto shown = model::first_code_point(text_.substr(position_));
    throw Error(Errc::malformed_input,
                fmt::format("{}:{}:{}: {} stands outside of a comment and a string of one line",
                            model::printable(file_), line, characters.value_or(position_ - line_start) + 1,
                            model::in_quotes(text_.substr(position_, shown ? shown->octets : 1))),
                "put it in quotation marks, with a space before them");
  }

  std::string_view text_;
  std::string_view file_;
  std::size_t position_ = 0;
  long depth_ = 0;           // of brackets
  bool everywhere_ = false;  // nothing but ASCII from here on
};

}  // namespace

void check_characters(std::string_view text, std::string_view file) { Scanner(text, file).run(); }

}  // namespace p11csr::profile
