#pragma once

#include <string>

#include "x509/lint/request_view.hpp"

namespace p11csr::x509 {

/// type_name is the short name of an attribute's type ("CN"), or its OID.
[[nodiscard]] std::string type_name(const NameAttribute& attribute);

/// shown is type and value for people: "CN 'web-01'".
[[nodiscard]] std::string shown(const NameAttribute& attribute);

/// for_each_attribute visits the subject's attributes in their order.
template <class Visit>
void for_each_attribute(const RequestView& view, Visit visit) {
  for (const RdnView& rdn : view.subject) {
    for (const NameAttribute& attribute : rdn) visit(attribute);
  }
}

}  // namespace p11csr::x509
