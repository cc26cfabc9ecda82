#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include <p11csr/model/error.hpp>
#include <p11csr/model/pin_source.hpp>

#include "model/ascii.hpp"

namespace p11csr {

namespace {

constexpr std::string_view kinds = "prompt, env:NAME, file:PATH, fd:N, command:CMD, credential:NAME";

// Nobody's text is quoted in this file: what stands there may be a PIN.
Error refused(std::string_view message) {
  return Error(Errc::usage, std::string(message), fmt::format("give one of {}", kinds));
}

bool is_variable_name(std::string_view name) {
  const auto fits = [](char c) { return model::is_alphanumeric(c) || c == '_'; };
  return !name.empty() && !model::is_digit(name.front()) && std::all_of(name.begin(), name.end(), fits);
}

bool is_credential_name(std::string_view name) {
  return name.find('/') == std::string_view::npos && name != "." && name != "..";
}

PinSource from_kind(std::string_view kind, std::string_view value) {
  if (kind == "env") {
    if (!is_variable_name(value)) throw refused("the name behind 'env:' cannot be an environment variable's");
    return PinFromEnvironment{std::string(value)};
  }
  if (kind == "file") return PinFromFile{std::string(value)};
  if (kind == "fd") {
    const auto number = model::parse_decimal(value, std::numeric_limits<int>::max());
    if (!number) throw refused("what is behind 'fd:' is not the number of a file descriptor");
    return PinFromDescriptor{static_cast<int>(*number)};
  }
  if (kind == "command") return PinFromCommand{std::string(value)};
  if (!is_credential_name(value)) throw refused("the name behind 'credential:' is a path, not a credential's name");
  return PinFromCredential{std::string(value)};
}

}  // namespace

std::string_view pin_name(PinOwner owner) { return owner == PinOwner::user ? "PIN" : "SO PIN"; }

PinSource parse_pin_source(std::string_view text, std::string_view secret) {
  const auto colon = text.find(':');
  const std::string kind = model::lower(text.substr(0, colon));
  if (kind == "prompt") {
    if (colon != std::string_view::npos)
      throw refused(fmt::format("the {} source 'prompt' takes nothing behind it", secret));
    return PinFromPrompt{};
  }
  const bool known = kind == "env" || kind == "file" || kind == "fd" || kind == "command" || kind == "credential";
  if (!known) {
    throw Error(Errc::usage, fmt::format("the {} source is of no known kind", secret),
                fmt::format("give one of {}; a {} itself is never an argument", kinds, secret));
  }
  if (colon == std::string_view::npos || colon + 1 == text.size()) {
    throw refused(fmt::format("the {} source '{}' needs something behind '{}:'", secret, kind, kind));
  }
  const auto value = text.substr(colon + 1);
  if (value.find('\0') != std::string_view::npos) {
    throw refused(fmt::format("what is behind '{}:' holds a NUL character", kind));
  }
  return from_kind(kind, value);
}

}  // namespace p11csr
