#include <fmt/format.h>
#include <limits>

#include <p11csr/model/error.hpp>
#include <p11csr/model/extension_request.hpp>

#include "model/ascii.hpp"
#include "model/quote.hpp"
#include "model/utf8.hpp"

namespace p11csr {

namespace {

Error malformed_constraints(std::string_view text, std::string_view why) {
  return Error(Errc::malformed_input, fmt::format("the basic constraints {} {}", model::in_quotes(text), why),
               "write ca, ca,pathlen=N or end-entity");
}

unsigned parse_path_length(std::string_view piece, std::string_view text) {
  const std::string name = model::lower(piece.substr(0, piece.find_first_of("=:")));
  if (name != "pathlen" || name.size() == piece.size()) throw malformed_constraints(text, "cannot be read");
  const auto digits = piece.substr(name.size() + 1);
  const auto length = model::parse_decimal(digits, std::numeric_limits<unsigned>::max());
  if (!length) throw malformed_constraints(text, "have a path length that is no number");
  return *length;
}

Error malformed_extension(std::string_view text, std::string_view why) {
  return Error(Errc::malformed_input, fmt::format("the extension {} {}", model::in_quotes(text), why),
               "write it like --extension 1.2.3.4,critical=hex:0500 or --extension 1.2.3.4=asn1:UTF8:text");
}

}  // namespace

BasicConstraints BasicConstraints::parse(std::string_view text) {
  const auto pieces = model::split(text, ',');
  const std::string role = model::lower(model::trimmed(pieces.front()));
  BasicConstraints constraints;
  if (role == "ca" || role == "ca:true") {
    constraints.ca = true;
  } else if (role != "ca:false" && role != "end-entity") {
    throw malformed_constraints(text, "cannot be read");
  }
  if (pieces.size() == 1) return constraints;
  if (pieces.size() > 2) throw malformed_constraints(text, "say too much");
  const unsigned path_length = parse_path_length(model::trimmed(pieces[1]), text);
  // RFC 5280, 4.2.1.9: "CAs MUST NOT include the pathLenConstraint field unless the cA boolean is asserted".
  if (!constraints.ca) throw malformed_constraints(text, "have a path length without ca");
  constraints.path_length = path_length;
  return constraints;
}

RawExtension RawExtension::parse(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) throw malformed_extension(text, "has no '='");
  const auto left = model::split(text.substr(0, equals), ',');
  if (left.size() > 2) throw malformed_extension(text, "has more than one flag before its '='");
  RawExtension extension{Oid::parse(model::trimmed(left.front())), false, true, {}, {}};
  if (left.size() == 2) {
    if (!model::equal_ignoring_case(model::trimmed(left[1]), "critical")) {
      throw malformed_extension(text,
                                fmt::format("has the unknown flag {}", model::in_quotes(model::trimmed(left[1]))));
    }
    extension.critical = true;
  }
  const auto right = text.substr(equals + 1);
  const auto colon = right.find(':');
  const std::string form = model::lower(right.substr(0, colon));
  if (colon == std::string_view::npos || (form != "hex" && form != "asn1")) {
    throw malformed_extension(text, "says neither 'hex:' nor 'asn1:' behind its '='");
  }
  const auto value = right.substr(colon + 1);
  if (value.empty()) throw malformed_extension(text, "has no value");
  extension.is_der = form == "hex";
  if (extension.is_der) {
    extension.der = from_hex(value, fmt::format("the extension {}", extension.oid.dotted()));
  } else {
    model::check_text(value, fmt::format("the extension {}", extension.oid.dotted()));
    extension.asn1 = value;
  }
  return extension;
}

}  // namespace p11csr
