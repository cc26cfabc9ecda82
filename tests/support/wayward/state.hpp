#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "cryptoki.hpp"
#include "line_file.hpp"
#include "orders.hpp"
#include "outputs.hpp"

namespace wayward {

/// SessionRecord is what the module remembers of an open session.
struct SessionRecord {
  CK_SLOT_ID slot = 0;
  bool signing = false;
  bool context_login_done = false;
  std::optional<CK_MECHANISM_TYPE> emulated;
  Bytes parts;  // what C_SignUpdate gave an emulated mechanism
};

/// Role is who is logged in, as the module tells it.
enum class Role { nobody, user, officer };

using Sessions = std::map<CK_SESSION_HANDLE, SessionRecord>;

/// State is what lasts between two calls. A life begins with the first call after loading or after C_Finalize: the
/// orders are then read anew and the counting starts at one.
class State {
 public:
  /// The one State of the process: Cryptoki's functions have no argument that could carry it.
  static State& instance();

  [[nodiscard]] const Orders& orders() const { return orders_; }
  [[nodiscard]] CK_FUNCTION_LIST& backend() const { return *backend_; }

  /// Arrival is what is to be done about a call that just came in.
  struct Arrival {
    std::optional<CK_RV> instead;
    std::optional<CK_RV> afterwards;
  };
  /// arrive counts a call, and sleeps where that is ordered.
  [[nodiscard]] Arrival arrive(std::string_view function);
  /// tell writes what a call is about to tell to the file of answers, and makes wrong what is ordered to be.
  void tell(std::string_view function, const Outputs& outputs);
  /// leave writes a call and what it returned to the count file; a successful C_Finalize ends the life.
  void leave(std::string_view function, CK_RV value);

  [[nodiscard]] bool vanished();
  /// take_slot_event is true once for each time that the card came or went, and for one that was there from the start.
  [[nodiscard]] bool take_slot_event();
  /// sign_counts tells whether this signature, the next one of the life, is one that is to be flipped.
  [[nodiscard]] bool next_signature_flips();

  /// role is kept only where orders let it differ from what the backend knows.
  [[nodiscard]] Role role();
  void set_role(Role role);

  /// with_sessions lets use(Sessions&) run while no other thread touches the sessions.
  template <typename Use>
  auto with_sessions(Use use) {
    const std::lock_guard lock(mutex_);
    return use(sessions_);
  }

 private:
  State() = default;
  void begin_life();
  /// look_into_reader changes the backend's token for the one of the card that is there now. All sessions are gone
  /// then.
  void look_into_reader();
  [[nodiscard]] std::optional<CK_RV> refusal(std::string_view function, CK_ULONG nth, bool crosses) const;
  [[nodiscard]] bool card_is_out() const;
  [[nodiscard]] std::optional<CK_RV> removal() const;
  [[nodiscard]] std::chrono::milliseconds delay(std::string_view function) const;

  std::mutex mutex_;
  bool alive_ = false;
  bool backend_runs_ = false;
  Orders orders_;
  CK_FUNCTION_LIST* backend_ = nullptr;
  std::map<std::string, CK_ULONG, std::less<>> calls_;
  CK_ULONG crossed_ = 0;
  CK_ULONG signatures_ = 0;
  CK_ULONG answers_ = 0;
  std::string card_;                   // in the reader: its configuration's path
  bool card_was_in_ = false;           // when the last slot event was taken
  mutable bool removal_told_ = false;  // since the card is out
  Sessions sessions_;
  Role role_ = Role::nobody;
  LineFile count_file_;
  LineFile answers_file_;
};

/// crosses_to_the_token is false for what a module can answer by itself.
[[nodiscard]] bool crosses_to_the_token(std::string_view function);

/// tells_something is false for a call that failed; some codes are about single attributes only (PKCS #11 v2.40, 5.7).
[[nodiscard]] bool tells_something(CK_RV value);

}  // namespace wayward
