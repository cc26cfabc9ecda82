#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace p11csr::cli {

/// LineWriter hands a line to whoever waits for it.
using LineWriter = std::function<void(const std::string& line)>;

/// lines_within lets work run in a process of its own and gives the lines that were written before `limit` was over,
/// whatever hangs or crashes. That process has no terminal, no streams and no other descriptor; it may fork, and all
/// that comes of it is killed at the end. No other thread may be there.
[[nodiscard]] std::vector<std::string> lines_within(std::chrono::milliseconds limit,
                                                    const std::function<void(const LineWriter&)>& work);

/// each_in_parallel runs `work` for 0 to count - 1, each in a process of its own, and waits for all of them. It is for
/// work inside lines_within.
void each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace p11csr::cli
