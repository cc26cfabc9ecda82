#pragma once

#include <string>
#include <vector>

#include <p11csr/workflow/enroll_journal.hpp>

#include "cli/json.hpp"

namespace p11csr::cli {

/// record_json and record_of are what a journal keeps of a card, both ways. record_of throws Error(malformed_input).
[[nodiscard]] Json record_json(const workflow::CardRecord& record);
[[nodiscard]] workflow::CardRecord record_of(const Json& json);

/// records_csv is RFC 4180 text with a first row of names; each field of a request has a column "field.NAME".
[[nodiscard]] std::string records_csv(const std::vector<workflow::CardRecord>& records);
/// records_table is for people.
[[nodiscard]] std::string records_table(const std::vector<workflow::CardRecord>& records);

}  // namespace p11csr::cli
