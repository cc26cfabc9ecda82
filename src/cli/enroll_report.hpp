#pragma once

#include <string>
#include <vector>

#include <p11csr/workflow/enroll.hpp>

#include "cli/json.hpp"

namespace p11csr::cli {

/// summary_text and summary_json tell what a session came to: which cards are finished, and which are not and why.
[[nodiscard]] std::string summary_text(const workflow::EnrollSummary& summary);
[[nodiscard]] Json summary_json(const workflow::EnrollSummary& summary,
                                const std::vector<workflow::CardRecord>& journal);

/// journal_json is a whole journal.
[[nodiscard]] Json journal_json(const std::vector<workflow::CardRecord>& records);

}  // namespace p11csr::cli
