#pragma once

#include <string>
#include <vector>

namespace p11csr::model {

/// csv_line writes one record of RFC 4180 with its line end; a field is quoted where it has to be.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& fields);

}  // namespace p11csr::model
