#include "cli/streams.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>

namespace p11csr::cli {
namespace {

// A stream that broke while it was written to has lost the errno of it.
bool reader_has_gone() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

}  // namespace

bool flush_data(Streams& streams) {
  errno = 0;
  streams.out.flush();
  if (streams.out.good()) return true;
  const int reason = errno;
  if (reason == EPIPE || reader_has_gone()) return false;
  throw Error(Errc::file_failed, fmt::format("cannot write to standard output: {}",
                                             reason != 0 ? std::strerror(reason) : "the stream is broken"));
}

}  // namespace p11csr::cli
