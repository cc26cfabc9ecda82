#include "model/nearest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>

#include "model/ascii.hpp"

namespace p11csr::model {

namespace {

constexpr std::size_t longest_name = 64;

// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, longest_name + 1>, longest_name + 1> cost{};
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const std::size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view typed, const std::vector<std::string_view>& known) {
  std::optional<std::string_view> best;
  if (typed.size() < 2 || typed.size() > longest_name) return best;
  std::size_t best_distance = longest_name;
  for (const auto name : known) {
    if (name.empty() || name.size() > longest_name) continue;
    const std::size_t found = distance(typed, name);
    if (found <= std::max<std::size_t>(1, name.size() / 3) && found < best_distance) {
      best = name;
      best_distance = found;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string_view>& known, std::string otherwise) {
  const auto name = nearest(typed, known);
  return name ? fmt::format("did you mean '{}'?", *name) : std::move(otherwise);
}

}  // namespace p11csr::model
