#include "cli/core_dumps.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace p11csr::cli {
namespace {

rlimit current_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_CORE, &limit);
  return limit;
}

// What it was when this was first asked for.
const rlimit& limit_of_start() {
  static const rlimit limit = current_limit();
  return limit;
}

// Only the soft limit: nobody could raise the hard one again.
void set_limit(rlim_t limit) {
  const rlimit limits{limit, limit_of_start().rlim_max};
  setrlimit(RLIMIT_CORE, &limits);
}

}  // namespace

void forbid_core_dumps() {
  // Either would do. A core_pattern that is a pipe does not ask for the limit; a module that changes the process's user
  // makes it dumpable again where the system is set to (proc(5), suid_dumpable).
  prctl(PR_SET_DUMPABLE, 0);
  set_limit(0);
}

CoreLimitOfStart::CoreLimitOfStart() : before_(current_limit().rlim_cur) { set_limit(limit_of_start().rlim_cur); }

CoreLimitOfStart::~CoreLimitOfStart() { set_limit(before_); }

}  // namespace p11csr::cli
