#include "cli/json.hpp"

template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace p11csr::cli {

std::string to_text(const Json& json, JsonShape shape) {
  return json.dump(shape == JsonShape::indented ? 2 : -1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace p11csr::cli
