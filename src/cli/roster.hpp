#pragma once

#include <functional>
#include <string>
#include <vector>

#include <p11csr/workflow/enroll_desk.hpp>

namespace p11csr::cli {

/// read_roster reads the people of a CSV file, a row each; its first row names the columns. `fields` are those that the
/// profile knows. Comma or semicolon, whichever the first row has. Throws Error(file_failed), and
/// Error(malformed_input) that names file and line: a column that means nothing, a row of another length, one that is
/// there twice, two for one card, and what `judge` throws of a person.
[[nodiscard]] std::vector<workflow::Person> read_roster(const std::string& path, const std::vector<std::string>& fields,
                                                        const std::function<void(const workflow::Person&)>& judge);

}  // namespace p11csr::cli
