#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace p11csr::cli {

/// HelpTopic is what `p11csr help TOPIC` explains, in lines of 80 columns at most.
struct HelpTopic {
  std::string_view name;
  std::string_view summary;
  std::string (*text)();
  /// here is what goes on about this machine and this moment; may be null.
  std::string (*here)() = nullptr;
};

/// help_topics is every topic, in the order that help shows.
[[nodiscard]] const std::vector<HelpTopic>& help_topics();

}  // namespace p11csr::cli
