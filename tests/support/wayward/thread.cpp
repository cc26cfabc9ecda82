#include <cstdlib>
#include <thread>
#include <unistd.h>

namespace {

// With $WAYWARD_THREAD the module makes a thread as soon as it is loaded, as GLib behind a module does. What signals it
// takes is decided by who loads it.
[[gnu::constructor]] void make_thread() {
  if (std::getenv("WAYWARD_THREAD") == nullptr) return;
  std::thread([] {
    while (true) pause();
  }).detach();
}

}  // namespace
