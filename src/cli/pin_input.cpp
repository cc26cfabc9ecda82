#include "cli/pin_input.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <unistd.h>
#include <utility>

#include <p11csr/model/error.hpp>

#include "cli/child.hpp"
#include "cli/descriptor.hpp"
#include "cli/error_report.hpp"
#include "cli/line_input.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

constexpr std::size_t kLongestPin = 1024;

std::string other_sources(const SecretWanted& wanted) {
  return fmt::format("give another {}: prompt, env:NAME, file:PATH, fd:N, command:CMD, credential:NAME", wanted.flag);
}

Error missing(const SecretWanted& wanted, const std::string& message) {
  return {Errc::pin_missing, message, other_sources(wanted)};
}

void strip_line_end(Secret& pin) {
  std::size_t size = pin.size();
  if (size > 0 && pin.view()[size - 1] == '\n') --size;
  if (size > 0 && size < pin.size() && pin.view()[size - 1] == '\r') --size;
  pin.set_size(size);
}

// Reads straight into the secret's own memory, so that no other copy exists.
Secret read_descriptor(int fd, const std::string& what, const SecretWanted& wanted) {
  Secret pin(kLongestPin);
  std::size_t size = 0;
  while (size < pin.capacity()) {
    const ssize_t count = read(fd, pin.buffer().data() + size, pin.capacity() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw missing(wanted, fmt::format("cannot read the {} from {}: {}", wanted.name, what, std::strerror(errno)));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  pin.set_size(size);
  strip_line_end(pin);
  if (pin.size() >= kLongestPin - 2)
    throw missing(wanted, fmt::format("{} gives more than any {} can be", what, wanted.name));
  return pin;
}

Secret read_file(const std::string& path, const SecretWanted& wanted) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0)
    throw missing(wanted, fmt::format("cannot read the {} from '{}': {}", wanted.name, path, std::strerror(errno)));
  return read_descriptor(file.get(), fmt::format("'{}'", path), wanted);
}

struct FromSource {
  const SecretWanted& wanted;

  Secret operator()(const PinFromPrompt& /*unused*/) const {
    const Descriptor terminal(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (terminal.get() < 0)
      throw missing(wanted, fmt::format("the {} cannot be asked for: there is no terminal", wanted.name));
    std::optional<Secret> pin = read_hidden_line(terminal.get(), wanted.prompt, kLongestPin);
    if (!pin)
      throw Error(Errc::interrupted, fmt::format("no {} was given; nothing was sent to the token", wanted.name));
    return std::move(*pin);
  }

  Secret operator()(const PinFromEnvironment& source) const {
    char* value = std::getenv(source.name.c_str());
    if (value == nullptr) throw missing(wanted, fmt::format("the environment variable '{}' is not set", source.name));
    Secret pin = Secret::from_text(value);
    wipe({value, std::strlen(value)});
    unsetenv(source.name.c_str());
    return pin;
  }

  Secret operator()(const PinFromFile& source) const { return read_file(source.path, wanted); }

  Secret operator()(const PinFromDescriptor& source) const {
    return read_descriptor(source.fd, fmt::format("descriptor {}", source.fd), wanted);
  }

  Secret operator()(const PinFromCommand& source) const {
    Child child = Child::reading_from({"/bin/sh", "-c", source.command});
    Secret pin = read_descriptor(child.output(), fmt::format("the {} command", wanted.name), wanted);
    const int status = child.wait();
    if (status != 0)
      throw Error(Errc::pin_missing,
                  fmt::format("the {} command failed with exit code {}; nothing was sent", wanted.name, status),
                  "run the command by itself and see what it says");
    return pin;
  }

  Secret operator()(const PinFromCredential& source) const {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr)
      throw Error(Errc::pin_missing, "no credentials were passed: CREDENTIALS_DIRECTORY is not set",
                  "run it as a systemd service with LoadCredential=, or give another source");
    return read_file(fmt::format("{}/{}", folder, source.name), wanted);
  }
};

constexpr const char* kOfficerFlag = "--so-pin-source";

// What nobody has typed before and nobody sees is easily mistyped.
Secret read_twice(const PinSource& source, SecretWanted wanted) {
  Secret pin = read_secret(source, wanted);
  if (!std::holds_alternative<PinFromPrompt>(source)) return pin;
  wanted.prompt = fmt::format("the {} again: ", wanted.name);
  const Secret again = read_secret(source, wanted);
  const auto first = pin.view();
  const auto second = again.view();
  if (!std::equal(first.begin(), first.end(), second.begin(), second.end()))
    throw Error(Errc::pin_missing, fmt::format("the two {}s differ; nothing was sent to the token", wanted.name),
                "type the same one twice");
  return pin;
}

}  // namespace

Secret read_secret(const PinSource& source, const SecretWanted& wanted) {
  return std::visit(FromSource{wanted}, source);
}

Secret read_pin(const PinSource& source, PinOwner owner, const TokenInfo& token) {
  const bool officer = owner == PinOwner::security_officer;
  if (officer && !token.initialized) return read_twice(source, {"SO PIN", "SO PIN of the blank token: ", kOfficerFlag});
  const std::string name(pin_name(owner));
  const std::string known_as = officer ? "SO PIN (of a PIV card: the management key)" : name;
  return read_secret(source, {name, fmt::format("{} of the token '{}': ", known_as, model::printable(token.label)),
                              officer ? kOfficerFlag : "--pin-source"});
}

Secret read_new_pin(const PinSource& source, PinOwner owner, const TokenInfo& token) {
  const std::string name = fmt::format("new {}", pin_name(owner));
  const std::string whose =
      token.label.empty() ? "the blank token" : fmt::format("the token '{}'", model::printable(token.label));
  Secret pin = read_twice(source, {name, fmt::format("{} of {}: ", name, whose), "--new-pin-source"});
  const auto octets = pin.view();
  if (std::any_of(octets.begin(), octets.end(), [](std::uint8_t octet) { return octet < 0x20 || octet == 0x7f; }))
    throw Error(Errc::malformed_input, fmt::format("the {} holds a line end or another control character", name),
                "a PIN is one line of text; is it the right file?");
  return pin;
}

}  // namespace p11csr::cli
