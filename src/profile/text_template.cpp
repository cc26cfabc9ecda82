#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/profile/text_template.hpp>

#include "model/ascii.hpp"
#include "model/quote.hpp"

namespace p11csr::profile {

namespace {

bool is_field_name(std::string_view name) {
  const auto fits = [](char c) { return model::is_alphanumeric(c) || c == '_' || c == '-'; };
  return !name.empty() && model::is_letter(name.front()) && std::all_of(name.begin(), name.end(), fits);
}

Error malformed(std::string_view text, std::string_view why) {
  return Error(Errc::malformed_input, fmt::format("the template {} {}", model::in_quotes(text), why),
               "write a field like {host}, and {{ or }} for a brace itself");
}

}  // namespace

FieldValues FieldValues::parse(const std::vector<std::string>& assignments) {
  FieldValues values;
  for (const std::string& assignment : assignments) {
    const auto equals = assignment.find('=');
    const std::string name = assignment.substr(0, equals);
    if (equals == std::string::npos || !is_field_name(name)) {
      throw Error(Errc::usage, fmt::format("--set {} is not NAME=VALUE", model::in_quotes(assignment)),
                  "write it like --set host=web-01");
    }
    if (!values.given_.emplace(name, assignment.substr(equals + 1)).second) {
      throw Error(Errc::usage, fmt::format("the field '{}' is set twice", name), "give each --set once");
    }
  }
  return values;
}

void FieldValues::fill_in(const std::string& name, std::string value) { filled_in_[name] = std::move(value); }

const std::string* FieldValues::find(const std::string& name) const {
  for (const auto* values : {&given_, &filled_in_}) {
    const auto found = values->find(name);
    if (found != values->end()) return &found->second;
  }
  return nullptr;
}

bool FieldValues::has_all(const std::vector<std::string>& names) const {
  return std::all_of(names.begin(), names.end(), [this](const std::string& name) { return find(name) != nullptr; });
}

std::vector<std::string> FieldValues::names() const {
  std::vector<std::string> names;
  names.reserve(given_.size());
  for (const auto& [name, value] : given_) names.push_back(name);
  return names;
}

TextTemplate TextTemplate::parse(std::string_view text) {
  TextTemplate result;
  result.text_ = text;
  std::string literal;
  const auto end_literal = [&] {
    if (!literal.empty()) result.pieces_.push_back({false, std::exchange(literal, {})});
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool doubled = i + 1 < text.size() && text[i + 1] == c;
    if (c != '{' && c != '}') {
      literal += c;
    } else if (doubled) {
      literal += c;
      ++i;
    } else if (c == '}') {
      throw malformed(text, "has a '}' that closes nothing");
    } else {
      const auto close = text.find('}', i);
      if (close == std::string_view::npos) throw malformed(text, "has a '{' that is not closed");
      const auto name = text.substr(i + 1, close - i - 1);
      if (!is_field_name(name)) {
        throw malformed(text, fmt::format("has {} where a field's name belongs", model::in_quotes(name)));
      }
      end_literal();
      result.pieces_.push_back({true, std::string(name)});
      i = close;
    }
  }
  end_literal();
  return result;
}

std::string TextTemplate::fill(const FieldValues& values) const {
  return fill(values, [](std::string_view value) { return std::string(value); });
}

std::string TextTemplate::fill(const FieldValues& values,
                               const std::function<std::string(std::string_view)>& encode) const {
  std::string filled;
  for (const Piece& piece : pieces_) {
    if (!piece.is_field) {
      filled += piece.text;
      continue;
    }
    const std::string* value = values.find(piece.text);
    if (value == nullptr) {
      throw Error(Errc::usage, fmt::format("the field '{}' of {} is not set", piece.text, model::in_quotes(text_)),
                  fmt::format("--set {}=VALUE", piece.text));
    }
    filled += encode(*value);
  }
  return filled;
}

std::vector<std::string> TextTemplate::fields() const {
  std::vector<std::string> names;
  for (const Piece& piece : pieces_) {
    const bool seen = std::find(names.begin(), names.end(), piece.text) != names.end();
    if (piece.is_field && !seen) names.emplace_back(piece.text);
  }
  return names;
}

}  // namespace p11csr::profile
