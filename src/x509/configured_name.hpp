#pragma once

#include <string>

#include <p11csr/model/subject.hpp>

#include "x509/configuration.hpp"

namespace p11csr::x509 {

/// ConfiguredType is the name of an entry in a section of attributes: "1.OU" lets a section hold OU twice, and "+UID"
/// joins the RDN before it.
struct ConfiguredType {
  std::string type;
  bool joins = false;

  explicit ConfiguredType(const std::string& name);
};

/// configured_name reads the section of attributes that a dirName entry names. Throws Error(malformed_input).
[[nodiscard]] Subject configured_name(const ConfigurationEntry& entry, const Configuration& configuration);

}  // namespace p11csr::x509
