#include "cli/table.hpp"

#include <algorithm>
#include <iterator>

#include "model/quote.hpp"
#include "model/utf8.hpp"

namespace p11csr::cli {
namespace {

std::size_t width(const std::string& cell) { return model::count_code_points(cell).value_or(cell.size()); }

}  // namespace

Table::Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }

void Table::add(const std::vector<std::string>& cells) {
  auto& row = rows_.emplace_back();
  std::transform(cells.begin(), cells.end(), std::back_inserter(row),
                 [](const std::string& cell) { return cell.empty() ? "-" : model::printable(cell); });
}

std::string Table::text() const {
  if (rows_.size() == 1) return {};
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      if (i + 1 < row.size()) text.append(widths[i] - width(row[i]) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

}  // namespace p11csr::cli
