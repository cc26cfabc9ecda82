#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <glob.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <p11csr/crypto/random_pin.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/workflow/sandbox.hpp>

#include "model/quote.hpp"
#include "pkcs11/registry.hpp"
#include "pkcs11/token.hpp"
#include "pkcs11/token_setup.hpp"
#include "workflow/softhsm2_conf.hpp"

namespace p11csr::workflow {
namespace {

constexpr std::size_t kPinDigits = 8;
constexpr const char* kNameModule = "install SoftHSM2, or name its module: --module /path/to/libsofthsm2.so";

Error cannot(const char* what, const std::string& path) {
  return {Errc::file_failed, fmt::format("cannot {} {}: {}", what, model::in_quotes(path), std::strerror(errno)),
          "set TMPDIR to a folder that can be written"};
}

// SoftHSM2 reads a line into 1,024 octets, ends its value at '#' and at a second '=', and would go on with what is
// left: a folder that nobody meant.
void require_configurable(const std::string& path) {
  const auto ends_value = [](unsigned char c) { return c == '#' || c == '=' || c < 0x20 || c == 0x7f; };
  const auto found = std::find_if(path.begin(), path.end(), ends_value);
  constexpr std::size_t longest = 900;
  if (found == path.end() && path.size() <= longest) return;
  const std::string reason =
      found == path.end() ? "so long a path as" : fmt::format("the {} in", model::in_quotes(std::string(1, *found)));
  throw Error(Errc::file_failed,
              fmt::format("SoftHSM2's configuration cannot hold {} {}", reason, model::in_quotes(path)),
              "set TMPDIR to another folder");
}

void write_new_file(const std::string& path, ByteView content) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) throw cannot("make", path);
  const ssize_t written = write(fd, content.data(), content.size());
  if (close(fd) != 0 || written != static_cast<ssize_t>(content.size())) throw cannot("write", path);
}

std::string configuration_text(const std::string& tokens) {
  constexpr std::string_view placeholder = "@TOKENS@";
  std::string text(kSoftHsm2Conf);
  for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder, at + tokens.size()))
    text.replace(at, placeholder.size(), tokens);
  return text;
}

void write_pin_file(const std::string& path, Secret& pin) {
  pin.buffer()[kPinDigits] = '\n';
  write_new_file(path, {pin.buffer().data(), kPinDigits + 1});
  pin.set_size(kPinDigits);
}

// Where distributions put SoftHSM2's module when it is not registered with p11-kit.
std::optional<std::string> module_at_known_place() {
  glob_t found{};
  int flags = 0;
  for (const char* pattern :
       {"/usr/lib/*/softhsm/libsofthsm2.so", "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"}) {
    glob(pattern, flags, nullptr, &found);
    flags = GLOB_APPEND;
  }
  std::optional<std::string> first;
  if (found.gl_pathc > 0) first = found.gl_pathv[0];
  globfree(&found);
  return first;
}

pkcs11::ModuleFile softhsm2_module(const SandboxOptions& options) {
  if (options.module) return {*options.module, "", options.trust_module};
  try {
    auto file = pkcs11::module_by_name("softhsm2");
    file.trusted = file.trusted || options.trust_module;
    return file;
  } catch (const Error& error) {
    if (error.code() != Errc::module_unusable) throw;
  }
  auto path = module_at_known_place();
  if (!path) throw Error(Errc::module_unusable, "SoftHSM2's module was not found", kNameModule);
  return {std::move(*path), "", options.trust_module};
}

// The module may come from the environment and stand for a real token: only what cannot be one is initialised.
pkcs11::Token blank_token(const std::shared_ptr<const pkcs11::Module>& module) {
  const auto [tokens, failures] = pkcs11::list_tokens(module, nullptr);
  if (!failures.empty()) throw Error(failures.front());
  const auto is_blank_softhsm2 = [](const pkcs11::Token& token) {
    return token.info.model == "SoftHSM v2" && !token.info.initialized;
  };
  if (tokens.empty() || !std::all_of(tokens.begin(), tokens.end(), is_blank_softhsm2))
    throw Error(Errc::module_unusable,
                fmt::format("the module {} shows other tokens than a blank one of SoftHSM2; nothing was done to them",
                            model::in_quotes(module->path())),
                "name SoftHSM2's own module: --module /path/to/libsofthsm2.so");
  return tokens.front();
}

}  // namespace

Sandbox Sandbox::in(const std::string& parent) {
  std::error_code ignored;
  std::string path = (std::filesystem::absolute(parent, ignored) / "p11csr-sandbox-XXXXXX").string();
  require_configurable(path);
  if (mkdtemp(path.data()) == nullptr) throw cannot("make a folder in", parent);
  Sandbox sandbox(std::move(path));
  const std::string tokens = sandbox.folder_ + "/tokens";
  if (mkdir(tokens.c_str(), 0700) != 0) throw cannot("make", tokens);
  write_new_file(sandbox.configuration(), as_bytes(configuration_text(tokens)));
  return sandbox;
}

Sandbox::Sandbox(Sandbox&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}

Sandbox::~Sandbox() { static_cast<void>(remove()); }

TokenInfo Sandbox::add_token(const SandboxOptions& options, const Surroundings& surroundings) const {
  const auto module = pkcs11::Module::load(softhsm2_module(options), surroundings.monitor);
  const pkcs11::Token token = blank_token(module);
  const Secret so_pin = crypto::random_pin(kPinDigits);
  Secret pin = crypto::random_pin(kPinDigits);
  write_pin_file(pin_file(), pin);
  pkcs11::initialize_token(token, options.label, &so_pin);
  pkcs11::set_user_pin(token, &so_pin, &pin, [] {});
  return pkcs11::read_token_info(*module, token.slot);
}

bool Sandbox::remove() const noexcept {
  if (folder_.empty()) return true;
  std::error_code problem;
  std::filesystem::remove_all(folder_, problem);
  return !problem;
}

}  // namespace p11csr::workflow
