#include "state.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <unistd.h>
#include <utility>

#include "backend.hpp"
#include "complain.hpp"

namespace wayward {
namespace {

// The file tells that a call waits: it gets the function's name.
void wait_for_the_end_of(const Hang& hang) {
  while (hang.file.empty()) ::pause();
  const int file = ::open(hang.file.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (file < 0) return;
  if (::write(file, hang.function.data(), hang.function.size()) < 0) complain_and_abort("cannot write " + hang.file);
  ::close(file);
  while (::access(hang.file.c_str(), F_OK) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

std::string ordered_text() {
  std::string text;
  if (const char* orders = std::getenv("WAYWARD_ORDERS")) text = orders;
  if (const char* path = std::getenv("WAYWARD_ORDERS_FILE")) {
    std::ifstream file(path);
    if (!file) complain_and_abort("cannot read the orders file '" + std::string(path) + "'");
    std::ostringstream content;
    content << file.rdbuf();
    text += '\n';
    text += content.str();
  }
  return text;
}

}  // namespace

bool crosses_to_the_token(std::string_view function) {
  constexpr std::array<std::string_view, 7> answered_by_the_module = {
      "C_Initialize",  "C_Finalize",    "C_GetInfo",        "C_GetFunctionList",
      "C_GetSlotList", "C_GetSlotInfo", "C_GetSessionInfo",
  };
  return std::find(answered_by_the_module.begin(), answered_by_the_module.end(), function) ==
         answered_by_the_module.end();
}

bool tells_something(CK_RV value) {
  return value == CKR_OK || value == CKR_ATTRIBUTE_SENSITIVE || value == CKR_ATTRIBUTE_TYPE_INVALID;
}

State& State::instance() {
  static State state;
  return state;
}

void State::begin_life() {
  try {
    orders_ = parse_orders(ordered_text());
  } catch (const std::invalid_argument& problem) {
    complain_and_abort(problem.what());
  }
  backend_ = &load_backend();
  calls_.clear();
  crossed_ = 0;
  signatures_ = 0;
  answers_ = 0;
  card_was_in_ = false;
  card_.clear();
  removal_told_ = false;
  sessions_.clear();
  role_ = Role::nobody;
  count_file_.open(orders_.count_file);
  answers_file_.open(orders_.answers_file);
  alive_ = true;
}

State::Arrival State::arrive(std::string_view function) {
  Arrival arrival;
  std::chrono::milliseconds pause{0};
  std::optional<Hang> hang;
  {
    const std::lock_guard lock(mutex_);
    if (!alive_) begin_life();
    if (!orders_.reader.empty()) look_into_reader();
    const CK_ULONG nth = ++calls_[std::string(function)];
    const bool crosses = crosses_to_the_token(function);
    if (crosses) ++crossed_;
    arrival.instead = refusal(function, nth, crosses);
    for (const Failure& each : orders_.failures_after) {
      if (each.function == function && each.nth.value_or(nth) == nth) arrival.afterwards = each.value;
    }
    pause = delay(function);
    for (const Hang& each : orders_.hangs) {
      if (each.function == function) hang = each;
    }
  }
  if (hang) wait_for_the_end_of(*hang);
  if (pause.count() > 0) std::this_thread::sleep_for(pause);
  return arrival;
}

std::optional<CK_RV> State::refusal(std::string_view function, CK_ULONG nth, bool crosses) const {
  for (const Failure& each : orders_.failures_before) {
    if (each.function == function && each.nth.value_or(nth) == nth) return each.value;
  }
  if (!crosses) return std::nullopt;
  for (const CallFailure& each : orders_.call_failures) {
    if (each.nth == crossed_) return each.value;
  }
  if (orders_.vanish_after && crossed_ > *orders_.vanish_after) {
    return crossed_ == *orders_.vanish_after + 1 ? CKR_DEVICE_REMOVED : CKR_TOKEN_NOT_PRESENT;
  }
  return removal();
}

// The call that finds the card gone says so, the later ones that there is none.
std::optional<CK_RV> State::removal() const {
  const bool out = card_is_out();
  const bool told = std::exchange(removal_told_, out);
  if (!out) return std::nullopt;
  return told ? CKR_TOKEN_NOT_PRESENT : CKR_DEVICE_REMOVED;
}

void State::look_into_reader() {
  std::string there;
  std::ifstream file(orders_.reader);
  std::getline(file, there);
  if (there == card_) return;
  card_ = there;
  if (card_.empty()) return;
  // Put in again, or another one: SoftHSM2 looks for its tokens only when it starts.
  ::setenv("SOFTHSM2_CONF", card_.c_str(), 1);
  sessions_.clear();
  if (!backend_runs_) return;
  backend_->C_Finalize(nullptr);
  CK_C_INITIALIZE_ARGS arguments = {};
  arguments.flags = CKF_OS_LOCKING_OK;
  if (backend_->C_Initialize(&arguments) != CKR_OK) complain_and_abort("the card '" + card_ + "' cannot be read");
}

bool State::card_is_out() const {
  if (!orders_.reader.empty()) return card_.empty();
  return !orders_.inserted_while.empty() && ::access(orders_.inserted_while.c_str(), F_OK) != 0;
}

bool State::take_slot_event() {
  const std::lock_guard lock(mutex_);
  const bool is_in = !card_is_out();
  return std::exchange(card_was_in_, is_in) != is_in;
}

std::chrono::milliseconds State::delay(std::string_view function) const {
  std::chrono::milliseconds sum{0};
  for (const Delay& each : orders_.delays) {
    if (each.function == "*" || each.function == function) sum += each.time;
  }
  return sum;
}

void State::tell(std::string_view function, const Outputs& outputs) {
  const std::lock_guard lock(mutex_);
  for (const Output& output : outputs) {
    ++answers_;
    answers_file_.add(std::to_string(answers_) + ' ' + std::string(function) + ' ' + description(output));
    for (const WrongAnswer& wrong : orders_.wrong_answers) {
      if (wrong.nth ? *wrong.nth == answers_ : wrong.name == output.name) alter(output, wrong.change);
    }
  }
}

void State::leave(std::string_view function, CK_RV value) {
  const std::lock_guard lock(mutex_);
  std::ostringstream line;
  line << function << " 0x" << std::hex << value;
  count_file_.add(line.str());
  if (function == "C_Initialize" && value == CKR_OK) backend_runs_ = true;
  if (function != "C_Finalize" || value != CKR_OK) return;
  backend_runs_ = false;
  count_file_.close();
  answers_file_.close();
  alive_ = false;
}

bool State::vanished() {
  const std::lock_guard lock(mutex_);
  return card_is_out() || (orders_.vanish_after && crossed_ >= *orders_.vanish_after);
}

Role State::role() {
  const std::lock_guard lock(mutex_);
  return role_;
}

void State::set_role(Role role) {
  const std::lock_guard lock(mutex_);
  role_ = role;
}

bool State::next_signature_flips() {
  const std::lock_guard lock(mutex_);
  ++signatures_;
  return orders_.flip_signature && orders_.flip_nth.value_or(signatures_) == signatures_;
}

}  // namespace wayward
