#pragma once

#include <fmt/format.h>
#include <string_view>

#include "model/quote.hpp"
#include "x509/lint/rule.hpp"

namespace p11csr::x509 {

/// judge_names reports each dNSName that `breaks` tells of, with `why` behind it. Each rule looks at one thing, so that
/// a name with one fault has one finding.
template <class Breaks>
void judge_names(const RequestView& view, Violations& violations, std::string_view why, Breaks breaks) {
  for (const auto* name : view.names_of(GeneralNameTag::dns)) {
    if (!name->value.empty() && breaks(name->text())) {
      violations.push_back(fmt::format("the dNSName {} {}", model::in_quotes(name->text()), why));
    }
  }
}

}  // namespace p11csr::x509
