#pragma once

#include <string>
#include <vector>

#include <p11csr/profile/profile.hpp>
#include <p11csr/workflow/create_request.hpp>

#include "cli/json.hpp"

namespace p11csr::cli {

/// PlanReport is what `request --dry-run` found, and what it came from.
struct PlanReport {
  workflow::RequestPlan plan;
  RequestSpec spec;
  std::vector<profile::ShownValue> values;
  std::string out;  // empty for standard output
};

[[nodiscard]] Json plan_json(const PlanReport& report);
[[nodiscard]] std::string plan_text(const PlanReport& report);

}  // namespace p11csr::cli
