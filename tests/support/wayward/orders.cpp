#include "orders.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include "parsing.hpp"

namespace wayward {
namespace {

using Handler = void (*)(Orders& orders, std::string_view argument);

void expect_nothing(std::string_view argument) {
  if (!argument.empty()) throw std::invalid_argument("no argument expected: '" + std::string(argument) + "'");
}

Failure parse_failure(std::string_view argument) {
  const auto parts = fields(argument, 3);
  Failure failure{parse_function(parts[0]), std::nullopt, parse_constant(parts[2], "CKR_")};
  if (parts[1] != "*") failure.nth = parse_number(parts[1]);
  return failure;
}

void add_failure_before(Orders& orders, std::string_view argument) {
  orders.failures_before.push_back(parse_failure(argument));
}

void add_failure_after(Orders& orders, std::string_view argument) {
  orders.failures_after.push_back(parse_failure(argument));
}

void add_call_failure(Orders& orders, std::string_view argument) {
  const auto parts = fields(argument, 2);
  orders.call_failures.push_back({parse_number(parts[0]), parse_constant(parts[1], "CKR_")});
}

void add_delay(Orders& orders, std::string_view argument) {
  const auto parts = fields(argument, 2);
  const std::string function = parts[0] == "*" ? "*" : parse_function(parts[0]);
  orders.delays.push_back({function, std::chrono::milliseconds(parse_number(parts[1]))});
}

void add_hang(Orders& orders, std::string_view argument) {
  const auto colon = argument.find(':');
  const auto file = colon == std::string_view::npos ? std::string_view() : argument.substr(colon + 1);
  orders.hangs.push_back({parse_function(argument.substr(0, colon)), std::string(file)});
}

void flip_signature(Orders& orders, std::string_view argument) {
  orders.flip_signature = true;
  if (!argument.empty()) orders.flip_nth = parse_number(argument);
}

void add_lie(Orders& orders, std::string_view argument) {
  const auto parts = fields(argument, 3);
  Lie lie{parse_class(parts[0]), parse_constant(parts[1], "CKA_"), Absent{}};
  if (parts[2].starts_with("length:")) {
    lie.value = WrongLength{parse_number(parts[2].substr(7))};
  } else if (parts[2] == "unwritten") {
    lie.value = Unwritten{};
  } else if (auto octets = parse_value(parts[2])) {
    lie.value = std::move(*octets);
  } else if (parts[2] != "absent") {
    throw std::invalid_argument("no value of an attribute: '" + std::string(parts[2]) + "'");
  }
  orders.lies.push_back(std::move(lie));
}

Change parse_change(std::string_view text) {
  static const std::map<std::string_view, Change> changes = {{"short", Change::shorter},
                                                             {"long", Change::longer},
                                                             {"beyond-room", Change::beyond_room},
                                                             {"minus-one", Change::minus_one},
                                                             {"minus-two", Change::minus_two},
                                                             {"empty", Change::empty},
                                                             {"one", Change::one},
                                                             {"first-bit", Change::first_bit},
                                                             {"last-bit", Change::last_bit}};
  const auto found = changes.find(text);
  if (found == changes.end()) throw std::invalid_argument("no change of an answer: '" + std::string(text) + "'");
  return found->second;
}

void add_wrong_answer(Orders& orders, std::string_view argument) {
  const auto parts = fields(argument, 2);
  const bool is_number = !parts[0].empty() && parts[0].find_first_not_of("0123456789") == std::string_view::npos;
  WrongAnswer wrong{std::nullopt, std::string(parts[0]), parse_change(parts[1])};
  if (is_number) wrong.nth = parse_number(parts[0]);
  orders.wrong_answers.push_back(std::move(wrong));
}

void choose_point(Orders& orders, std::string_view argument) {
  if (argument == "raw") {
    orders.point = PointForm::raw;
  } else if (argument == "bitstring") {
    orders.point = PointForm::bit_string;
  } else if (argument == "octet") {
    orders.point = PointForm::octet_string;
  } else {
    throw std::invalid_argument("no form of a point: '" + std::string(argument) + "'");
  }
}

void choose_parameters(Orders& orders, std::string_view argument) {
  if (argument == "explicit") {
    orders.parameters = ParametersForm::explicit_parameters;
  } else if (argument == "printable") {
    orders.parameters = ParametersForm::printable;
  } else {
    throw std::invalid_argument("no form of EC parameters: '" + std::string(argument) + "'");
  }
}

void change_flags(Orders& orders, std::string_view argument) {
  for (const std::string_view piece : split(argument, ",")) {
    const CK_FLAGS flag = parse_constant(piece.substr(std::min<std::size_t>(1, piece.size())), "CKF_");
    if (piece.starts_with('+')) {
      orders.added_flags |= flag;
    } else if (piece.starts_with('-')) {
      orders.removed_flags |= flag;
    } else {
      throw std::invalid_argument("neither + nor - before '" + std::string(piece) + "'");
    }
  }
}

void change_mechanisms(Orders& orders, std::string_view argument) {
  for (const std::string_view piece : split(argument, ",")) {
    const CK_MECHANISM_TYPE type = parse_constant(piece.substr(std::min<std::size_t>(1, piece.size())), "CKM_");
    if (piece.starts_with('+')) {
      orders.added_mechanisms.push_back(type);
    } else if (piece.starts_with('-')) {
      orders.hidden_mechanisms.push_back(type);
    } else {
      throw std::invalid_argument("neither + nor - before '" + std::string(piece) + "'");
    }
  }
}

void emulate(Orders& orders, std::string_view argument) {
  constexpr std::array emulable = {CKM_ECDSA_SHA256, CKM_ECDSA_SHA384, CKM_ECDSA_SHA512};
  for (const std::string_view piece : split(argument, ",")) {
    const CK_MECHANISM_TYPE type = parse_constant(piece, "CKM_");
    if (std::find(emulable.begin(), emulable.end(), type) == emulable.end()) {
      throw std::invalid_argument("cannot emulate '" + std::string(piece) + "'");
    }
    orders.emulated_mechanisms.push_back(type);
  }
}

void refuse_mechanism(Orders& orders, std::string_view argument) {
  const auto parts = split(argument, ":");
  const CK_RV value = parts.size() > 1 ? parse_constant(parts[1], "CKR_") : CKR_MECHANISM_INVALID;
  orders.refused_mechanisms.push_back({parse_constant(parts[0], "CKM_"), value});
}

void refuse_attribute(Orders& orders, std::string_view argument) {
  const auto parts = split(argument, ":");
  const CK_RV value = parts.size() > 1 ? parse_constant(parts[1], "CKR_") : CKR_ATTRIBUTE_TYPE_INVALID;
  orders.refused_attributes.push_back({parse_constant(parts[0], "CKA_"), value});
}

void force_attribute(Orders& orders, std::string_view argument) {
  const auto parts = fields(argument, 3);
  const auto value = parse_value(parts[2]);
  if (!value) throw std::invalid_argument("no value of an attribute: '" + std::string(parts[2]) + "'");
  orders.forced_attributes.push_back({parse_class(parts[0]), parse_constant(parts[1], "CKA_"), *value});
}

void always_authenticate(Orders& orders, std::string_view argument) {
  expect_nothing(argument);
  orders.always_authenticate = true;
  orders.lies.push_back({CKO_PRIVATE_KEY, CKA_ALWAYS_AUTHENTICATE, Bytes{CK_TRUE}});
}

/// piv_card is what a YubiKey's module does, as far as it concerns keys.
void piv_card(Orders& orders, std::string_view argument) {
  expect_nothing(argument);
  orders.officer_makes_keys = true;
  orders.overwrites_id = true;
  orders.piv_labels = true;
  orders.refused_attributes.push_back({CKA_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID});
  orders.refused_attributes.push_back({CKA_EXTRACTABLE, CKR_ATTRIBUTE_TYPE_INVALID});
  orders.forced_attributes.push_back({CKO_PRIVATE_KEY, CKA_SENSITIVE, Bytes{CK_TRUE}});
  orders.forced_attributes.push_back({CKO_PRIVATE_KEY, CKA_EXTRACTABLE, Bytes{CK_FALSE}});
}

/// set_flag is the handler of an order that is only there or not.
template <bool Orders::*Flag>
void set_flag(Orders& orders, std::string_view argument) {
  expect_nothing(argument);
  orders.*Flag = true;
}

const std::map<std::string_view, Handler>& handlers() {
  static const std::map<std::string_view, Handler> table = {
      {"count", [](Orders& orders, std::string_view argument) { orders.count_file = argument; }},
      {"answers", [](Orders& orders, std::string_view argument) { orders.answers_file = argument; }},
      {"wrong-answer", add_wrong_answer},
      {"fail", add_failure_before},
      {"failafter", add_failure_after},
      {"failcall", add_call_failure},
      {"slow", add_delay},
      {"hang", add_hang},
      {"flip-signature", flip_signature},
      {"promised-length",
       [](Orders& orders, std::string_view argument) { orders.promised_length = parse_number(argument); }},
      {"signature-length",
       [](Orders& orders, std::string_view argument) { orders.signature_length = parse_number(argument); }},
      {"lie", add_lie},
      {"point", choose_point},
      {"params", choose_parameters},
      {"stop-reading-at-unknown", set_flag<&Orders::stop_reading_at_unknown>},
      {"pinpad", set_flag<&Orders::pin_pad>},
      {"flags", change_flags},
      {"one-session", set_flag<&Orders::one_session>},
      {"read-write-only", set_flag<&Orders::read_write_only>},
      {"always-authenticate", always_authenticate},
      {"officer-makes-keys", set_flag<&Orders::officer_makes_keys>},
      {"overwrites-id", set_flag<&Orders::overwrites_id>},
      {"edwards-by-oid", set_flag<&Orders::edwards_by_oid>},
      {"exact-room", set_flag<&Orders::exact_room>},
      {"piv-labels", set_flag<&Orders::piv_labels>},
      {"piv-card", piv_card},
      {"mechanisms", change_mechanisms},
      {"emulate", emulate},
      {"refuse-mechanism", refuse_mechanism},
      {"refuse-attribute", refuse_attribute},
      {"leave-orphan", set_flag<&Orders::leave_orphan>},
      {"ignore-attribute",
       [](Orders& orders, std::string_view argument) {
         orders.ignored_attributes.push_back(parse_constant(argument, "CKA_"));
       }},
      {"force-attribute", force_attribute},
      {"no-slots", set_flag<&Orders::no_slots>},
      {"endless-search", set_flag<&Orders::endless_search>},
      {"slots-vanish", [](Orders& orders, std::string_view argument) { orders.vanish_after = parse_number(argument); }},
      {"reader", [](Orders& orders, std::string_view argument) { orders.reader = argument; }},
      {"inserted-while", [](Orders& orders, std::string_view argument) { orders.inserted_while = argument; }},
      {"slot-events", set_flag<&Orders::slot_events>},
      {"slot-goes-too", set_flag<&Orders::slot_goes_too>},
      {"require-init-args",
       [](Orders& orders, std::string_view argument) { orders.required_init_args = std::string(argument); }},
  };
  return table;
}

}  // namespace

Orders parse_orders(std::string_view text) {
  Orders orders;
  for (std::string_view order : split(text, ";\n")) {
    order = trim(order);
    if (order.empty()) continue;
    const std::size_t equals = order.find('=');
    const std::string_view name = order.substr(0, equals);
    const auto handler = handlers().find(name);
    if (handler == handlers().end()) throw std::invalid_argument("unknown order '" + std::string(order) + "'");
    try {
      handler->second(orders, equals == std::string_view::npos ? std::string_view() : order.substr(equals + 1));
    } catch (const std::invalid_argument& problem) {
      throw std::invalid_argument("order '" + std::string(order) + "': " + problem.what());
    }
  }
  return orders;
}

}  // namespace wayward
