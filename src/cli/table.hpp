#pragma once

#include <string>
#include <vector>

namespace p11csr::cli {

/// Table aligns rows of text in columns two blanks apart. Cells are made printable.
class Table {
 public:
  explicit Table(std::vector<std::string> header);
  /// add takes as many cells as the header has.
  void add(const std::vector<std::string>& cells);
  /// text is empty where no row was added.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace p11csr::cli
