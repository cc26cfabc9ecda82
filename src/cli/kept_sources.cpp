#include "cli/kept_sources.hpp"

#include <fmt/format.h>

#include <p11csr/model/bytes.hpp>

#include "cli/pin_input.hpp"

namespace p11csr::cli {
namespace {

// Empty for a source that can be read again.
std::string key_of(const PinSource& source) {
  if (const auto* variable = std::get_if<PinFromEnvironment>(&source)) return "env:" + variable->name;
  if (const auto* descriptor = std::get_if<PinFromDescriptor>(&source)) return fmt::format("fd:{}", descriptor->fd);
  return {};
}

}  // namespace

bool can_be_read_once(const PinSource& source) { return !key_of(source).empty(); }

void KeptSources::take(const PinSource& source, PinOwner owner) {
  const std::string key = key_of(source);
  if (key.empty() || kept_.count(key) != 0) return;
  const bool officer = owner == PinOwner::security_officer;
  kept_.emplace(key,
                read_secret(source, {std::string(pin_name(owner)), {}, officer ? "--so-pin-source" : "--pin-source"}));
}

std::optional<Secret> KeptSources::find(const PinSource& source) const {
  const auto found = kept_.find(key_of(source));
  if (found == kept_.end()) return std::nullopt;
  return Secret::from_text(as_text(found->second.view()));
}

}  // namespace p11csr::cli
