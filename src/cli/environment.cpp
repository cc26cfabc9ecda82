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

std::optional<std::string> take_environment_value(const char* name) {
  char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  std::optional<std::string> taken = value;
  wipe({value, std::strlen(value)});
  unsetenv(name);
  return taken;
}

}  // namespace p11csr::cli
