#pragma once

#include <string_view>

namespace wayward {

/// complain_and_abort ends the process: a test whose orders were not understood must not go on.
[[noreturn]] void complain_and_abort(std::string_view problem);

}  // namespace wayward
