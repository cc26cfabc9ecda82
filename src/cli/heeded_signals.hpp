#pragma once

#include <csignal>
#include <initializer_list>

namespace p11csr::cli {

/// heeded_signals is the given signals without those that the caller wants ignored: nohup, a background job's Ctrl-C.
[[nodiscard]] sigset_t heeded_signals(std::initializer_list<int> signals);

}  // namespace p11csr::cli
