#pragma once

#include <string>
#include <string_view>
#include <utility>

#pragma GCC visibility push(default)
namespace p11csr::profile {

/// Origin says where a value came from.
class Origin {
 public:
  /// Origin of what the program does when nobody says otherwise.
  Origin() : text_("default") {}
  /// file is a line of a profile or configuration file; lines count from 1.
  [[nodiscard]] static Origin file(std::string_view name, unsigned line);
  /// flag is one of the command line, such as "--subject".
  [[nodiscard]] static Origin flag(std::string_view name);
  /// variable is one of the environment, such as "P11CSR_TOKEN".
  [[nodiscard]] static Origin variable(std::string_view name);

  /// text is for people: "default", "flag --subject" or "/etc/p11csr/profiles/web.toml:3".
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  friend bool operator==(const Origin&, const Origin&) = default;

 private:
  explicit Origin(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// Sourced is a value and where it came from.
template <typename Value>
struct Sourced {
  Value value;
  Origin origin;
};

}  // namespace p11csr::profile
#pragma GCC visibility pop
