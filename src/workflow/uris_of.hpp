#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace p11csr::workflow {

/// uris_of gives the URIs of objects, in their order, as errors and reports list them.
template <typename Object>
[[nodiscard]] std::vector<std::string> uris_of(const std::vector<Object>& objects) {
  std::vector<std::string> uris;
  uris.reserve(objects.size());
  std::transform(objects.begin(), objects.end(), std::back_inserter(uris), [](const Object& each) { return each.uri; });
  return uris;
}

}  // namespace p11csr::workflow
