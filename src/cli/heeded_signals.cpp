#include "cli/heeded_signals.hpp"

namespace p11csr::cli {
namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

sigset_t heeded_signals(std::initializer_list<int> signals) {
  sigset_t heeded;
  sigemptyset(&heeded);
  for (const int signal : signals)
    if (!is_ignored(signal)) sigaddset(&heeded, signal);
  return heeded;
}

}  // namespace p11csr::cli
