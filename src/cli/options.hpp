#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace p11csr::cli {

/// Rarity says in which help an option stands: -h shows the usual ones, --help all.
enum class Rarity { usual, rare };

/// OptionText is what help shows of an option.
struct OptionText {
  std::string names;  // "-v, --verbose"
  std::string value;  // "PATH"; empty for a flag
  std::string description;
  Rarity rarity = Rarity::usual;
  bool operand = false;  // a word without dashes
};

/// Options declares what a command takes and parses it. The variables outlive it. Only its .cpp knows the parser
/// (CLI11), which is slow to compile and differs between versions.
class Options {
 public:
  Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  ~Options();

  /// text takes a value once; names are written like "-v,--verbose". An empty one is refused.
  void text(const std::string& names, std::string& value, const std::string& type, const std::string& description,
            Rarity rarity = Rarity::usual);
  void text(const std::string& names, std::optional<std::string>& value, const std::string& type,
            const std::string& description, Rarity rarity = Rarity::usual);
  /// text_or_empty takes empty text for a value like any other.
  void text_or_empty(const std::string& names, std::optional<std::string>& value, const std::string& type,
                     const std::string& description, Rarity rarity = Rarity::usual);
  /// list takes one value each time the option is given.
  void list(const std::string& names, std::vector<std::string>& values, const std::string& type,
            const std::string& description, Rarity rarity = Rarity::usual);
  /// number takes a whole number from 1 to most.
  void number(const std::string& names, unsigned& value, unsigned most, const std::string& type,
              const std::string& description, Rarity rarity = Rarity::usual);
  void flag(const std::string& names, bool& value, const std::string& description, Rarity rarity = Rarity::usual);
  /// operand takes a word without dashes; where `option` is not empty, also as the value of that option. A name in
  /// brackets may be missing.
  void operand(const std::string& name, const std::string& option, std::string& value, const std::string& description);
  /// operands takes all words without dashes.
  void operands(const std::string& name, std::vector<std::string>& values, const std::string& description);
  /// rest takes the words behind "--" as they are.
  void rest(const std::string& name, std::vector<std::string>& words, const std::string& description);

  /// mention describes an option that is looked for before parse, and that parse does not know.
  void mention(OptionText text) { texts_.push_back(std::move(text)); }

  [[nodiscard]] const std::vector<OptionText>& texts() const noexcept { return texts_; }

  /// parse sets the variables. Throws Error(usage); no value is quoted, since it may be a PIN in the wrong place.
  void parse(std::vector<std::string> arguments);

 private:
  struct Parser;

  std::unique_ptr<Parser> parser_;
  std::vector<OptionText> texts_;
  std::vector<std::string>* rest_ = nullptr;
};

/// option_name is an argument without what may be a value in it, and so a secret: --pim=1234, -p1234.
[[nodiscard]] std::string option_name(const std::string& argument);

/// bare_operand is an operand's name without the brackets of one that may be missing.
[[nodiscard]] std::string bare_operand(const std::string& name);

}  // namespace p11csr::cli
