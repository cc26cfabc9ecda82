#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace p11csr::model {

/// nearest is the known name that was probably meant, ignoring case: at most a third of its letters are added, left
/// out, exchanged or swapped. Empty where none is that near. Among equals the first wins.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view typed,
                                                      const std::vector<std::string_view>& known);

/// did_you_mean is "did you mean 'NAME'?" where there is a nearest name, otherwise `otherwise`.
[[nodiscard]] std::string did_you_mean(std::string_view typed, const std::vector<std::string_view>& known,
                                       std::string otherwise);

}  // namespace p11csr::model
