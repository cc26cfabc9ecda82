#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <thread>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/wait_for_token.hpp>

#include "pkcs11/slot_watch.hpp"
#include "workflow/find_tokens.hpp"
#include "workflow/open_token.hpp"

namespace p11csr::workflow {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kBetweenPolls{200};
// A card that was changed for another between two polls shows no other slot.
constexpr seconds kBetweenLooks{1};
constexpr seconds kBetweenStarts{5};

/// Watched is one loaded module and what of it matched when it was last looked at.
struct Watched {
  pkcs11::SlotWatch slots;
  Clock::time_point looked;
  std::vector<TokenInfo> matching;
  bool failed = false;
};

/// Vigil is one wait, in all modules at once.
class Vigil {
 public:
  Vigil(const TokenChoice& choice, const Surroundings& surroundings)
      : choice_(choice), surroundings_(surroundings), uri_(token_uri_of(choice)) {}

  // Loads the modules that are not loaded yet; the first time the one that was named has to start.
  void start() {
    const bool first = Clock::time_point() == started_;
    std::vector<const pkcs11::Uri*> uris;
    if (uri_) uris.push_back(&*uri_);
    for (const pkcs11::ModuleFile& file : module_files(choice_, uris)) {
      if (modules_.count(file.path) != 0) continue;
      try {
        modules_.emplace(file.path,
                         Watched{pkcs11::SlotWatch(pkcs11::Module::load(file, surroundings_.monitor)), {}, {}});
        lost_.erase(file.path);
      } catch (const Error& error) {
        if (error.code() == Errc::interrupted || (first && names_one_module(choice_, uris))) throw;
        say_once(fmt::format("{} ({}); it is tried again", error.what(), error.call()));
      }
    }
    started_ = Clock::now();
  }

  // A module that failed is started anew, and one that shows no slot: its daemon may have come since. Others are not:
  // not every module can be started twice.
  void restart_from_time_to_time() {
    if (Clock::now() - started_ < kBetweenStarts) return;
    std::erase_if(modules_, [](const auto& each) { return each.second.failed || !each.second.slots.has_slots(); });
    start();
  }

  // A module that fails cannot say that its token is gone.
  [[nodiscard]] bool is_blind() const { return !lost_.empty(); }

  std::vector<TokenInfo> look() {
    std::vector<TokenInfo> found;
    for (auto& [path, module] : modules_) {
      look_at(path, module);
      found.insert(found.end(), module.matching.begin(), module.matching.end());
    }
    return found;
  }

 private:
  // A module that fails has no token to show until it is started anew.
  void look_at(const std::string& path, Watched& module) {
    if (module.failed) return;
    try {
      const bool changed = module.slots.changed();
      if (!changed && Clock::now() - module.looked < kBetweenLooks) return;
      module.matching.clear();
      for (const pkcs11::Token& token : pkcs11::list_tokens(module.slots.module(), uri_ ? &*uri_ : nullptr).tokens)
        if (is_wanted(token)) module.matching.push_back(token.info);
      module.looked = Clock::now();
    } catch (const Error& error) {
      if (error.code() == Errc::interrupted) throw;
      module.matching.clear();
      module.failed = true;
      lost_.insert(path);
      say_once(fmt::format("{} ({}); it is tried again", error.what(), error.call()));
    }
  }

  [[nodiscard]] bool is_wanted(const pkcs11::Token& token) const {
    if (uri_ && uri_->names_token()) return true;
    if (choice_.token && !uri_) return token.info.initialized && token.info.label == *choice_.token;
    return !token.info.initialized || pkcs11::can_hold_private_keys(token);
  }

  void say_once(const std::string& text) {
    if (said_.insert(text).second && surroundings_.say) surroundings_.say(text);
  }

  const TokenChoice& choice_;
  const Surroundings& surroundings_;
  std::optional<pkcs11::Uri> uri_;
  std::map<std::string, Watched> modules_;  // by their files' paths
  Clock::time_point started_;
  std::set<std::string> lost_;  // those that failed after they had been started
  std::set<std::string> said_;
};

Error too_late(WaitFor what, seconds waited) {
  if (what == WaitFor::removal)
    return {Errc::token_not_found, fmt::format("the token was still there after {} s", waited.count()),
            "remove it, or wait longer with --timeout"};
  return {Errc::token_not_found, fmt::format("no such token came within {} s", waited.count()),
          "p11csr token list shows what is there; wait longer with --timeout"};
}

// `enough` is asked with what is there and whether a module that failed may hide something.
template <typename Enough>
std::vector<TokenInfo> watch(const TokenChoice& choice, const Surroundings& surroundings, const Enough& enough) {
  Vigil vigil(choice, surroundings);
  vigil.start();
  while (true) {
    auto found = vigil.look();
    if (enough(found, vigil.is_blind())) return found;
    if (surroundings.monitor != nullptr) surroundings.monitor->stop_if_asked();
    std::this_thread::sleep_for(kBetweenPolls);
    vigil.restart_from_time_to_time();
  }
}

}  // namespace

std::vector<TokenInfo> wait_for_token(const TokenChoice& choice, WaitFor what,
                                      std::optional<std::chrono::seconds> timeout, const Surroundings& surroundings) {
  const auto begun = Clock::now();
  return watch(choice, surroundings, [&](const std::vector<TokenInfo>& found, bool blind) {
    const bool reached = what == WaitFor::removal ? found.empty() && !blind : !found.empty();
    if (!reached && timeout && Clock::now() - begun >= *timeout) throw too_late(what, *timeout);
    return reached;
  });
}

std::vector<TokenInfo> watch_tokens(const TokenChoice& choice,
                                    const std::function<bool(const std::vector<TokenInfo>&)>& enough,
                                    const Surroundings& surroundings) {
  return watch(choice, surroundings,
               [&](const std::vector<TokenInfo>& found, bool /*unused*/) { return enough(found); });
}

}  // namespace p11csr::workflow
