#pragma once

#include <string>

#include "x509/lint/request_view.hpp"

namespace p11csr::x509 {

/// type_name is the short name of an attribute's type ("CN"), or its OID.
[[nodiscard]] std::string type_name(const NameAttribute& attribute);

/// shown is type and value for people: "CN 'web-01'".
[[nodiscard]] std::string shown(const NameAttribute& attribute);

/// for_each_attribute visits the attributes of a name in their order.
template <class Visit>
void for_each_attribute(const NameView& name, Visit visit) {
  for (const RdnView& rdn : name.rdns) {
    for (const NameAttribute& attribute : rdn) visit(attribute);
  }
}

/// for_each_name visits the subject, and the directory names among the SubjectAltNames.
template <class Visit>
void for_each_name(const RequestView& view, Visit visit) {
  visit(view.subject);
  for (const NameView& name : view.directory_names) visit(name);
}

/// for_each_attribute visits the attributes of all these names, each with its name.
template <class Visit>
void for_each_attribute(const RequestView& view, Visit visit) {
  for_each_name(view, [&visit](const NameView& name) {
    for_each_attribute(name, [&](const NameAttribute& attribute) { visit(name, attribute); });
  });
}

}  // namespace p11csr::x509
