#include "cli/streams.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include <p11csr/model/error.hpp>

namespace p11csr::cli {

bool flush_data(Streams& streams) {
  errno = 0;
  streams.out.flush();
  if (streams.out.good()) return true;
  const int reason = errno;
  if (reason == EPIPE) return false;
  throw Error(Errc::file_failed, fmt::format("cannot write to standard output: {}",
                                             reason != 0 ? std::strerror(reason) : "the stream is broken"));
}

}  // namespace p11csr::cli
