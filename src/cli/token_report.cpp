#include "cli/token_report.hpp"

#include <fmt/format.h>
#include <optional>

#include "cli/request_report.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

// A token says that few tries are left, or the last one; how many it had to begin with it does not say.
const char* tries(bool count_low, bool final_try) {
  if (final_try) return "1 try left: the next wrong one locks it";
  return count_low ? "a wrong one was given: at least 2 tries left" : nullptr;
}

std::string so_pin_state(const TokenInfo& token) {
  if (!token.initialized) return "set when the token is initialised";
  if (token.so_pin_locked) return "locked";
  const char* left = tries(token.so_pin_count_low, token.so_pin_final_try);
  return left != nullptr ? left : "set";
}

Json flags_json(const TokenInfo& token) {
  return {{"initialized", token.initialized},
          {"write_protected", token.write_protected},
          {"login_required", token.login_required},
          {"user_pin_initialized", token.user_pin_initialized},
          {"protected_authentication_path", token.protected_authentication_path},
          {"user_pin_count_low", token.user_pin_count_low},
          {"user_pin_final_try", token.user_pin_final_try},
          {"user_pin_locked", token.user_pin_locked},
          {"user_pin_to_be_changed", token.user_pin_to_be_changed},
          {"so_pin_count_low", token.so_pin_count_low},
          {"so_pin_final_try", token.so_pin_final_try},
          {"so_pin_locked", token.so_pin_locked}};
}

std::string free_space(const TokenInfo& token) {
  const auto octets = [](const std::optional<std::uint64_t>& free) {
    return free ? fmt::format("{} octets", *free) : std::string("not told");
  };
  return fmt::format("public {}, private {}", octets(token.free_public_memory), octets(token.free_private_memory));
}

// 0 is CK_EFFECTIVELY_INFINITE; some tokens say so by a number near the largest (openCryptoki).
std::string session_limit(std::uint64_t most) {
  constexpr std::uint64_t beyond_any_limit = 1ULL << 31U;
  return most == 0 || most >= beyond_any_limit ? "no limit told" : fmt::format("{} at most", most);
}

std::string mechanism_lines(const workflow::TokenReport& report) {
  std::string text = token_line("mechanisms", fmt::format("{}, of which for requests:", report.mechanisms.size()));
  if (report.for_requests.empty()) text += token_line("", "none");
  for (const std::string& mechanism : report.for_requests) text += token_line("", mechanism);
  return text;
}

}  // namespace

std::string token_line(const char* name, const std::string& value) {
  return fmt::format("{:<14}{}\n", name, model::printable(value));
}

std::string pin_state(const TokenInfo& token) {
  if (!token.initialized) return "not initialised";
  if (!token.login_required) return "no login needed";
  if (token.user_pin_locked) return "locked: unblock with the SO PIN";
  if (!token.user_pin_initialized) return "not set: set one with the SO PIN";
  if (const char* left = tries(token.user_pin_count_low, token.user_pin_final_try)) return left;
  return token.user_pin_to_be_changed ? "to be changed" : "set";
}

Json full_token_json(const TokenInfo& token) {
  Json json = token_json(token);
  json["hardware"] = token.hardware;
  json["module"] = token.module_path;
  json["slot_id"] = token.slot_id;
  json["pin"] = pin_state(token);
  json["so_pin"] = so_pin_state(token);
  json["min_pin_length"] = token.min_pin_length;
  json["max_pin_length"] = token.max_pin_length;
  const auto number = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
  json["max_sessions"] = number(token.max_sessions);
  json["free_public_memory"] = number(token.free_public_memory);
  json["free_private_memory"] = number(token.free_private_memory);
  json["flags"] = flags_json(token);
  return json;
}

std::string token_text(const workflow::TokenReport& report) {
  const TokenInfo& token = report.info;
  std::string text = token_line("label", token.label) + token_line("manufacturer", token.manufacturer) +
                     token_line("model", token.model) + token_line("serial", token.serial) +
                     token_line("firmware", token.firmware) + token_line("uri", token.uri) +
                     token_line("module", token.module_path) + token_line("PIN", pin_state(token)) +
                     token_line("PIN length", fmt::format("{} to {}", token.min_pin_length, token.max_pin_length));
  if (token.protected_authentication_path) text += token_line("PIN pad", "the token asks for the PIN itself");
  text += token_line("SO PIN", so_pin_state(token));
  if (token.write_protected) text += token_line("writing", "the token is write-protected");
  if (token.max_sessions) text += token_line("sessions", session_limit(*token.max_sessions));
  if (token.free_public_memory || token.free_private_memory) text += token_line("free space", free_space(token));
  return text + mechanism_lines(report);
}

}  // namespace p11csr::cli
