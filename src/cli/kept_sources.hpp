#pragma once

#include <map>
#include <optional>
#include <string>

#include <p11csr/model/pin_source.hpp>
#include <p11csr/model/secret.hpp>

namespace p11csr::cli {

/// can_be_read_once is true of sources that are empty afterwards: the environment and descriptors.
[[nodiscard]] bool can_be_read_once(const PinSource& source);

/// KeptSources are the PINs of such sources, for a session that needs them for one card after the other. They are taken
/// before any other program is started, and wiped at the end.
class KeptSources {
 public:
  /// take reads the source where it can be read once. Throws Error(pin_missing).
  void take(const PinSource& source, PinOwner owner);

  /// find copies what was taken from the source; absent where nothing was.
  [[nodiscard]] std::optional<Secret> find(const PinSource& source) const;

 private:
  std::map<std::string, Secret> kept_;
};

}  // namespace p11csr::cli
