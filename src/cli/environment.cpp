#include "cli/environment.hpp"

#include <cstdlib>
#include <cstring>

#include <p11csr/model/secret.hpp>

namespace p11csr::cli {

std::optional<std::string> environment_value(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

void wipe_environment_value(const char* name) {
  char* value = std::getenv(name);
  if (value == nullptr) return;
  wipe({value, std::strlen(value)});
  unsetenv(name);
}

}  // namespace p11csr::cli
