#include <fmt/format.h>
#include <utility>

#include <p11csr/model/error.hpp>
#include <p11csr/model/request_attributes.hpp>

#include "model/quote.hpp"
#include "model/utf8.hpp"

namespace p11csr {
namespace {

constexpr std::size_t kLongest = 255;

void check_length(std::string_view text, std::string_view what) {
  const auto length = model::count_code_points(text);
  if (!length) throw Error(Errc::malformed_input, fmt::format("{} is not UTF-8", what), "give it in UTF-8");
  if (*length == 0)
    throw Error(Errc::malformed_input, fmt::format("{} is empty", what), "give a text, or leave the flag out");
  if (*length > kLongest)
    throw Error(Errc::malformed_input,
                fmt::format("{} has {} characters, {} is the most (RFC 2985, 5.4)", what, *length, kLongest),
                "shorten it");
}

bool has_control(std::string_view text) {
  while (const auto point = model::first_code_point(text)) {
    if (model::is_control(point->value)) return true;
    text.remove_prefix(point->octets);
  }
  return false;
}

}  // namespace

RequestAttributes::RequestAttributes(std::optional<std::string> unstructured_name,
                                     std::optional<Secret> challenge_password)
    : unstructured_name_(std::move(unstructured_name)) {
  if (unstructured_name_) {
    model::check_text(*unstructured_name_, "the unstructured name");
    check_length(*unstructured_name_, "the unstructured name");
  }
  if (!challenge_password) return;
  const std::string_view text = as_text(challenge_password->view());
  check_length(text, "the challenge password");
  if (has_control(text))
    throw Error(Errc::malformed_input, "the challenge password has a control character",
                "see whether its source gives one line of text only");
  challenge_password_ = std::make_shared<const Secret>(std::move(*challenge_password));
}

}  // namespace p11csr
