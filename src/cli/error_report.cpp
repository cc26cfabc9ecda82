#include "cli/error_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/exit_code.hpp"
#include "cli/json.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::printable;

std::string json_text(const Error& error) {
  Json body{{"code", errc_name(error.code())},
            {"exit", exit_code(error.code())},
            {"message", error.what()},
            {"hint", error.hint()},
            {"call", error.call()}};
  if (!error.candidates().empty()) body["candidates"] = error.candidates();
  return to_text(Json{{"error", std::move(body)}}, JsonShape::one_line);
}

}  // namespace

std::string error_text(const Error& error, ErrorForm form) {
  if (form == ErrorForm::json) return json_text(error);
  std::string text = "p11csr: error: " + printable(error.what());
  if (!error.call().empty()) text += fmt::format(" ({})", error.call());
  text += '\n';
  for (const std::string& candidate : error.candidates()) text += printable(candidate) + '\n';
  if (!error.hint().empty()) text += "p11csr: hint: " + printable(error.hint()) + '\n';
  return text;
}

}  // namespace p11csr::cli
