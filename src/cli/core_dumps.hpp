#pragma once

#include <sys/resource.h>

namespace p11csr::cli {

/// forbid_core_dumps: PINs pass through this memory, so no core of it is written, and other processes of the person
/// cannot read it (prctl(2), PR_SET_DUMPABLE). A program that is started from here has a memory of its own, which may
/// be dumped. Called before anything is started.
void forbid_core_dumps();

/// CoreLimitOfStart gives a program that is started while it lives the limit that ours was started with. Our own
/// memory stays undumpable.
class CoreLimitOfStart {
 public:
  CoreLimitOfStart();
  CoreLimitOfStart(const CoreLimitOfStart&) = delete;
  CoreLimitOfStart& operator=(const CoreLimitOfStart&) = delete;
  ~CoreLimitOfStart();

 private:
  rlim_t before_;
};

}  // namespace p11csr::cli
