#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <utility>

#include <p11csr/model/error.hpp>
#include <p11csr/testing/softhsm_token.hpp>

namespace p11csr {
namespace {

/// Only lets one SoftHsmToken be at a time: SoftHSM2 reads one configuration, and the environment is the process's.
class Only {
 public:
  Only() {
    if (there().exchange(true)) throw std::logic_error("a process can have one SoftHsmToken at a time");
  }
  Only(const Only&) = delete;
  Only& operator=(const Only&) = delete;
  ~Only() { there() = false; }

 private:
  static std::atomic<bool>& there() {
    static std::atomic<bool> value{false};
    return value;
  }
};

/// Variable is an environment variable that has its old value again afterwards.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    if (setenv(name, value.c_str(), 1) != 0) throw Error(Errc::unexpected, "cannot set an environment variable");
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() {
    if (before_)
      setenv(name_, before_->c_str(), 1);
    else
      unsetenv(name_);
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw Error(Errc::file_failed, "cannot read '" + path + "'");
  return line;
}

std::vector<TokenInfo> make_tokens(const workflow::Sandbox& sandbox, const workflow::SandboxOptions& options) {
  std::vector<TokenInfo> tokens = sandbox.add_tokens(options, {});
  // Programs that are started may change their folder.
  for (TokenInfo& token : tokens)
    if (token.module_path.find('/') != std::string::npos)
      token.module_path = std::filesystem::absolute(token.module_path).string();
  return tokens;
}

}  // namespace

struct SoftHsmToken::State {
  explicit State(const workflow::SandboxOptions& options)
      : tokens(make_tokens(sandbox, options)),
        pin(first_line(sandbox.pin_file())),
        so_pin(first_line(sandbox.so_pin_file())) {}

  Only only;
  workflow::Sandbox sandbox = workflow::Sandbox::in(workflow::Sandbox::usual_place());
  Variable configuration{"SOFTHSM2_CONF", sandbox.configuration()};
  std::vector<TokenInfo> tokens;
  std::string pin;
  std::string so_pin;
  Variable module{"P11CSR_MODULE", tokens.front().module_path};
  Variable token{"P11CSR_TOKEN", tokens.front().uri};
  Variable pin_source{"P11CSR_PIN_SOURCE", "file:" + sandbox.pin_file()};
  Variable folder{"P11CSR_SANDBOX", sandbox.folder()};
};

SoftHsmToken::SoftHsmToken(const workflow::SandboxOptions& options) : state_(std::make_unique<State>(options)) {}

SoftHsmToken::~SoftHsmToken() = default;

const TokenInfo& SoftHsmToken::info() const noexcept { return state_->tokens.front(); }

const std::vector<TokenInfo>& SoftHsmToken::tokens() const noexcept { return state_->tokens; }

const std::string& SoftHsmToken::module_path() const noexcept { return info().module_path; }

const std::string& SoftHsmToken::pin() const noexcept { return state_->pin; }

const std::string& SoftHsmToken::so_pin() const noexcept { return state_->so_pin; }

const std::string& SoftHsmToken::folder() const noexcept { return state_->sandbox.folder(); }

workflow::TokenChoice SoftHsmToken::choice() const {
  workflow::TokenChoice choice;
  choice.module = module_path();
  choice.token = info().uri;
  return choice;
}

workflow::Surroundings SoftHsmToken::surroundings() const {
  workflow::Surroundings surroundings;
  surroundings.read_pin = [this](const PinSource&, PinOwner owner, const TokenInfo&) {
    return Secret::from_text(owner == PinOwner::user ? pin() : so_pin());
  };
  return surroundings;
}

}  // namespace p11csr
