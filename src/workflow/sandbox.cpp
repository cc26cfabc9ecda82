#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <glob.h>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <p11csr/crypto/random_pin.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/workflow/keys.hpp>
#include <p11csr/workflow/sandbox.hpp>

#include "model/quote.hpp"
#include "pkcs11/registry.hpp"
#include "pkcs11/token.hpp"
#include "pkcs11/token_setup.hpp"
#include "workflow/sandbox_folder.hpp"
#include "workflow/softhsm2_conf.hpp"

namespace p11csr::workflow {
namespace {

constexpr std::size_t kPinDigits = 8;
constexpr const char* kNameModule = "install SoftHSM2, or name its module: --module /path/to/libsofthsm2.so";

std::string configuration_text(const std::string& tokens) {
  constexpr std::string_view placeholder = "@TOKENS@";
  std::string text(kSoftHsm2Conf);
  for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder, at + tokens.size()))
    text.replace(at, placeholder.size(), tokens);
  return text;
}

Secret new_pin(const SandboxFolder& folder, const char* file) {
  Secret pin = crypto::random_pin(kPinDigits);
  // Without a line end, which some programs take for a part of the PIN (libp11's engine).
  folder.write_file(file, pin.view());
  return pin;
}

// Where distributions put SoftHSM2's module.
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

// p11-kit loads every module that is registered, those of real tokens too, to tell where one is: it is asked last.
pkcs11::ModuleFile softhsm2_module(const SandboxOptions& options) {
  if (options.module) return {*options.module, "", options.trust_module};
  if (auto path = module_at_known_place()) return {std::move(*path), "", options.trust_module};
  try {
    auto file = pkcs11::module_by_name("softhsm2");
    file.trusted = file.trusted || options.trust_module;
    return file;
  } catch (const Error& error) {
    if (error.code() != Errc::module_unusable) throw;
    throw Error(Errc::module_unusable, "SoftHSM2's module was not found", kNameModule);
  }
}

// It would go on with the configuration that it was started with: tokens would be made among somebody's own.
void require_not_started(const pkcs11::ModuleFile& file) {
  if (pkcs11::Module::is_started(file))
    throw Error(
        Errc::module_unusable,
        fmt::format("this process has started {} already, which reads another configuration only when it starts",
                    model::in_quotes(file.path)),
        "call C_Finalize, or let go of what uses the module, before a sandbox is made");
}

// The module may come from the environment and stand for a real token: only what cannot be one is initialised.
pkcs11::Token blank_token(const std::shared_ptr<const pkcs11::Module>& module, const std::vector<TokenInfo>& made) {
  const auto [tokens, failures] = pkcs11::list_tokens(module, nullptr);
  if (!failures.empty()) throw Error(failures.front());
  const auto is_own = [&made](const TokenInfo& info) {
    return std::any_of(made.begin(), made.end(), [&info](const TokenInfo& own) { return own.serial == info.serial; });
  };
  const auto is_blank = [](const TokenInfo& info) { return info.model == "SoftHSM v2" && !info.initialized; };
  const pkcs11::Token* blank = nullptr;
  bool foreign = false;
  for (const pkcs11::Token& token : tokens) {
    if (is_blank(token.info))
      blank = blank != nullptr ? blank : &token;
    else
      foreign = foreign || !is_own(token.info);
  }
  if (blank == nullptr || foreign)
    throw Error(Errc::module_unusable,
                fmt::format("the module {} shows other tokens than a blank one of SoftHSM2; nothing was done to them",
                            model::in_quotes(module->path())),
                "name SoftHSM2's own module: --module /path/to/libsofthsm2.so");
  return *blank;
}

std::string label_of(const SandboxOptions& options, unsigned number) {
  return options.tokens == 1 ? options.label : fmt::format("{}-{}", options.label, number);
}

// SoftHSM2 gives a new token another slot when it starts the next time.
std::vector<TokenInfo> as_found_from_now_on(std::vector<TokenInfo> made, const pkcs11::ModuleFile& file,
                                            const Surroundings& surroundings) {
  const auto module = pkcs11::Module::load(file, surroundings.monitor);
  for (const pkcs11::Token& token : pkcs11::list_tokens(module, nullptr).tokens)
    for (TokenInfo& info : made)
      if (info.serial == token.info.serial) info = token.info;
  return made;
}

void add_key(const SandboxKey& key, const TokenInfo& token, const SandboxOptions& options, const Secret& pin,
             const Surroundings& surroundings) {
  Surroundings own = surroundings;
  own.read_pin = [&pin](const PinSource&, PinOwner, const TokenInfo&) {
    Secret copy(pin.size());
    std::copy(pin.view().begin(), pin.view().end(), copy.buffer().begin());
    copy.set_size(pin.size());
    return copy;
  };
  TokenChoice choice;
  choice.module = token.module_path;
  choice.trust_module = options.trust_module;
  choice.token = token.uri;
  try {
    static_cast<void>(
        generate_key(choice, {}, {key.kind, key.label, std::nullopt}, false, x509::SelfVerification::required, own));
  } catch (const Error& error) {
    if (error.code() != Errc::mechanism_unsupported) throw;
    throw Error(error.code(), error.what(), "SoftHSM2 does not make such keys: choose another kind", error.call());
  }
}

}  // namespace

std::string Sandbox::usual_place() {
  const char* chosen = std::getenv("TMPDIR");
  if (chosen != nullptr && *chosen != '\0') return chosen;
  constexpr const char* memory = "/dev/shm";
  return access(memory, W_OK | X_OK) == 0 ? memory : "/tmp";
}

Sandbox Sandbox::in(const std::string& parent) {
  auto folder = std::make_unique<SandboxFolder>(parent);
  // The configuration comes first, and goes last: a folder that has it is a sandbox.
  folder->write_file(SandboxFolder::kConfiguration, as_bytes(configuration_text(folder->path() + "/tokens")));
  folder->make_folder("tokens");
  return Sandbox(std::move(folder));
}

Sandbox::Sandbox(std::unique_ptr<SandboxFolder> folder) : folder_(std::move(folder)) {}

Sandbox::Sandbox(Sandbox&& other) noexcept = default;

Sandbox::~Sandbox() = default;

const std::string& Sandbox::folder() const noexcept { return folder_->path(); }

std::vector<TokenInfo> Sandbox::add_tokens(const SandboxOptions& options, const Surroundings& surroundings) const {
  if (options.tokens == 0) throw Error(Errc::usage, "a sandbox has at least one token", "ask for 1 or more");
  const pkcs11::ModuleFile file = softhsm2_module(options);
  require_not_started(file);
  const Secret so_pin = new_pin(*folder_, "so-pin");
  const Secret pin = new_pin(*folder_, "pin");
  std::vector<TokenInfo> made;
  while (made.size() < options.tokens) {
    // SoftHSM2 has one blank token when it starts, and no next one before it starts again.
    const auto module = pkcs11::Module::load(file, surroundings.monitor);
    const pkcs11::Token token = blank_token(module, made);
    pkcs11::initialize_token(token, label_of(options, static_cast<unsigned>(made.size()) + 1), &so_pin);
    pkcs11::set_user_pin(token, &so_pin, &pin, [] {});
    made.push_back(pkcs11::read_token_info(*module, token.slot));
  }
  made = as_found_from_now_on(made, file, surroundings);
  for (const SandboxKey& key : options.keys) add_key(key, made.front(), options, pin, surroundings);
  return made;
}

std::string Sandbox::keep(const std::string& environment) { return folder_->keep(as_bytes(environment)); }

bool Sandbox::remove() const noexcept { return !folder_ || folder_->remove(); }

}  // namespace p11csr::workflow
