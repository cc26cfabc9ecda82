#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/workflow/enroll.hpp>
#include <p11csr/workflow/wait_for_token.hpp>

#include "pkcs11/return_code.hpp"
#include "workflow/open_token.hpp"

namespace p11csr::workflow {
namespace {

Secret copy_of(const Secret& secret) { return Secret::from_text(as_text(secret.view())); }

/// PinMark tells a PIN from others without being it: a hash with octets that only this object knows.
class PinMark {
 public:
  PinMark(PinOwner owner, const Secret& pin) : owner_(owner), hash_(hash(pin)) {}

  [[nodiscard]] bool is_of(PinOwner owner, const Secret& pin) const { return owner == owner_ && hash(pin) == hash_; }

 private:
  [[nodiscard]] Bytes hash(const Secret& pin) const {
    Secret salted(salt_.size() + pin.size());
    std::ranges::copy(pin.view(), std::ranges::copy(salt_, salted.buffer().begin()).out);
    salted.set_size(salted.capacity());
    return crypto::digest(Digest::sha256, salted.view());
  }

  PinOwner owner_;
  Bytes salt_ = crypto::random_bytes(32);
  Bytes hash_;
};

// Two tries may need the same leave to replace what is there; it is given once.
void ask_once(GenerateKey& wanted) {
  if (!wanted.replace) return;
  const auto answer = std::make_shared<std::optional<bool>>();
  wanted.replace = [ask = wanted.replace, answer](const std::vector<std::string>& uris) {
    if (!*answer) *answer = ask(uris);
    return **answer;
  };
}

/// TokenStation works on tokens. Each piece of work loads the module anew: some see a card that was changed, or a label
/// that was given, only then.
class TokenStation : public CardStation {
  // Private, but in front: its result is deduced.
  // A PIN that was refused is never sent again: each login asks for its PIN just before.
  template <typename Work>
  auto keeping_an_accepted_pin(const Work& work) {
    try {
      auto done = work();
      last_asked_.reset();
      return done;
    } catch (const Error& error) {
      if (is_about_pin(error.code())) pin_.reset();
      if (error.code() == Errc::pin_incorrect && !error.call().empty())
        refused_ = std::exchange(last_asked_, std::nullopt);
      throw;
    }
  }

  // On some cards the security officer makes and stores what others let their user make: `officer` is set where it is
  // their turn. Nothing was made then, and the user's PIN was accepted.
  template <typename Work>
  auto as_who_may(std::optional<OfficerChoice>& officer, const Work& work) {
    if (setup_.key_maker == KeyMaker::officer) {
      officer = setup_.officer;
      return work();
    }
    try {
      return work();
    } catch (const Error& error) {
      if (!pkcs11::wants_officer(error)) throw;
      if (setup_.key_maker == KeyMaker::user)
        throw Error(error.code(), error.what(),
                    "where the security officer makes the keys, say the SO PIN and their place: --so-pin-source prompt "
                    "--piv-slot 9c, or --id 02",
                    error.call());
    }
    officer = setup_.officer;
    return work();
  }

 public:
  TokenStation(StationSetup setup, Surroundings surroundings)
      : setup_(std::move(setup)), surroundings_(std::move(surroundings)) {
    ask_ =
        std::exchange(surroundings_.read_pin, [this](const PinSource& source, PinOwner owner, const TokenInfo& token) {
          return owner == PinOwner::user ? user_pin(source, token) : ask(source, owner, token);
        });
  }

  Cards wait(const std::function<bool(const Cards&)>& enough) override {
    return watch_tokens(setup_.token, enough, surroundings_);
  }

  TokenInfo initialise(const TokenInfo& card, const CardSetup& setup) override {
    const TokenSetup wanted{setup.label,
                            setup_.officer,
                            keeping(setup.new_pin),
                            [](const TokenInfo& /*unused*/) { return false; },
                            setup.about_to_initialize,
                            setup.about_to_set_pin};
    return keeping_an_accepted_pin([&] { return initialize_token(choice_of(card), wanted, surroundings_); });
  }

  TokenInfo set_pin(const TokenInfo& card, const NewPinReader& new_pin) override {
    return keeping_an_accepted_pin(
        [&] { return unblock_pin(choice_of(card), setup_.officer, keeping(new_pin), surroundings_); });
  }

  RequestReport request(const TokenInfo& card, RequestOptions options) override {
    options.token = choice_of(card);
    options.pin = setup_.pin;
    options.allow_extractable = setup_.allow_extractable;
    auto& wanted = std::get<GenerateKey>(options.key);
    ask_once(wanted);
    return keeping_an_accepted_pin(
        [&] { return as_who_may(wanted.officer, [&] { return create_request(options, surroundings_); }); });
  }

  InstallReport install(const TokenInfo& card, const std::string& certificate, const std::string& request) override {
    InstallOptions options{.token = choice_of(card),
                           .pin = setup_.pin,
                           .path = x509::order_path(x509::read_certificates(as_bytes(certificate))),
                           .label = std::nullopt,
                           .request = Bytes(request.begin(), request.end()),
                           // Some cards write a certificate of their own beside a new key (ykcs11).
                           .replace = setup_.key_maker != KeyMaker::user,
                           .prove = true,
                           .allow_extractable = setup_.allow_extractable};
    return keeping_an_accepted_pin(
        [&] { return as_who_may(options.officer, [&] { return install_certificate(options, surroundings_); }); });
  }

  void use_pin(Secret pin) override { pin_ = std::move(pin); }

  void forget() noexcept override {
    pin_.reset();
    last_asked_.reset();
    refused_.reset();
  }

 private:
  // The card in its module, whatever else is in other readers.
  [[nodiscard]] TokenChoice choice_of(const TokenInfo& card) const {
    TokenChoice choice = setup_.token;
    choice.module = card.module_path;
    choice.token = uri_with_slot(card);
    return choice;
  }

  Secret ask(const PinSource& source, PinOwner owner, const TokenInfo& token) {
    Secret pin = ask_(source, owner, token);
    if (refused_ && refused_->is_of(owner, pin))
      throw Error(Errc::pin_incorrect,
                  fmt::format("the {} is the one that this token refused; it was not sent again", pin_name(owner)),
                  "type another one, or correct what --pin-source or --so-pin-source names");
    last_asked_.emplace(owner, pin);
    return pin;
  }

  Secret user_pin(const PinSource& source, const TokenInfo& token) {
    if (!pin_) return copy_of(pin_.emplace(ask(source, PinOwner::user, token)));
    last_asked_.emplace(PinOwner::user, *pin_);
    return copy_of(*pin_);
  }

  // A new PIN is the one that the next login needs.
  NewPinReader keeping(const NewPinReader& new_pin) {
    return [this, &new_pin](const TokenInfo& token) {
      Secret pin = new_pin(token);
      pin_ = copy_of(pin);
      return pin;
    };
  }

  StationSetup setup_;
  Surroundings surroundings_;
  std::function<Secret(const PinSource&, PinOwner, const TokenInfo&)> ask_;
  // Of the card in hand.
  std::optional<Secret> pin_;
  std::optional<PinMark> last_asked_;
  std::optional<PinMark> refused_;
};

}  // namespace

std::unique_ptr<CardStation> token_station(StationSetup setup, Surroundings surroundings) {
  return std::make_unique<TokenStation>(std::move(setup), std::move(surroundings));
}

}  // namespace p11csr::workflow
