#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cryptoki.hpp"

namespace wayward {

/// Failure is a CKR_ that a call returns instead of (or after) doing its work; without nth, every call does.
struct Failure {
  std::string function;
  std::optional<CK_ULONG> nth;
  CK_RV value;
};

/// CallFailure is the same for the n-th call of any function that crosses to the token.
struct CallFailure {
  CK_ULONG nth;
  CK_RV value;
};

struct Delay {
  std::string function;  // "*" is all
  std::chrono::milliseconds time;
};

/// Absent is an attribute that the token does not have; WrongLength is a length that is not the value's.
struct Absent {};
struct WrongLength {
  CK_ULONG length;
};
/// Unwritten is CKR_OK with the right length, and nothing written.
struct Unwritten {};

/// Hang keeps a call from being done: for ever, or while a file exists.
struct Hang {
  std::string function;
  std::string file;  // empty: for ever
};

struct Lie {
  CK_OBJECT_CLASS object_class;
  CK_ATTRIBUTE_TYPE type;
  std::variant<Bytes, Absent, WrongLength, Unwritten> value;
};

/// Change is what becomes of one output of a call. The first six are about its length; fields of fixed size have none,
/// and are filled with zeros (empty) or ones (minus_one).
enum class Change { shorter, longer, beyond_room, minus_one, minus_two, empty, one, first_bit, last_bit };

/// WrongAnswer changes the n-th output of all that are told, or each one of a name.
struct WrongAnswer {
  std::optional<CK_ULONG> nth;
  std::string name;
  Change change;
};

struct RefusedAttribute {
  CK_ATTRIBUTE_TYPE type;
  CK_RV value;
};

struct RefusedMechanism {
  CK_MECHANISM_TYPE type;
  CK_RV value;
};

struct ForcedAttribute {
  CK_OBJECT_CLASS object_class;
  CK_ATTRIBUTE_TYPE type;
  Bytes value;
};

enum class PointForm { as_it_is, raw, bit_string, octet_string };
enum class ParametersForm { as_it_is, explicit_parameters, printable };

/// Orders are all the ways in which the module is to misbehave. README.md in this folder says how each is written.
struct Orders {
  std::string count_file;
  std::string answers_file;
  std::vector<Failure> failures_before;
  std::vector<Failure> failures_after;
  std::vector<CallFailure> call_failures;
  std::vector<Delay> delays;
  std::vector<Hang> hangs;
  bool flip_signature = false;
  std::optional<CK_ULONG> flip_nth;
  std::optional<CK_ULONG> signature_length;
  std::optional<CK_ULONG> promised_length;
  std::vector<Lie> lies;
  std::vector<WrongAnswer> wrong_answers;
  PointForm point = PointForm::as_it_is;
  ParametersForm parameters = ParametersForm::as_it_is;
  bool stop_reading_at_unknown = false;
  bool pin_pad = false;
  CK_FLAGS added_flags = 0;
  CK_FLAGS removed_flags = 0;
  bool one_session = false;
  bool read_write_only = false;
  bool always_authenticate = false;
  bool officer_makes_keys = false;
  bool overwrites_id = false;
  bool edwards_by_oid = false;
  bool exact_room = false;
  bool piv_labels = false;
  std::vector<CK_MECHANISM_TYPE> hidden_mechanisms;
  std::vector<CK_MECHANISM_TYPE> added_mechanisms;
  std::vector<CK_MECHANISM_TYPE> emulated_mechanisms;
  std::vector<RefusedMechanism> refused_mechanisms;
  std::vector<RefusedAttribute> refused_attributes;
  bool leave_orphan = false;
  std::vector<CK_ATTRIBUTE_TYPE> ignored_attributes;
  std::vector<ForcedAttribute> forced_attributes;
  bool no_slots = false;
  bool endless_search = false;
  std::optional<CK_ULONG> vanish_after;
  std::string inserted_while;  // a file: the card is in the reader while it exists; empty: always
  std::string reader;  // a file that names the SoftHSM2 configuration of the card in the reader; empty: no reader
  bool slot_events = false;
  bool slot_goes_too = false;  // with its card, as with a USB stick
  std::optional<std::string> required_init_args;

  /// changes_attributes tells whether C_GetAttributeValue has anything to do but forward.
  [[nodiscard]] bool changes_attributes() const {
    return !lies.empty() || point != PointForm::as_it_is || parameters != ParametersForm::as_it_is ||
           stop_reading_at_unknown;
  }
};

/// parse_orders reads orders separated by semicolons or line ends; blanks around them do not matter.
/// Throws std::invalid_argument that quotes what it does not understand.
[[nodiscard]] Orders parse_orders(std::string_view text);

}  // namespace wayward
