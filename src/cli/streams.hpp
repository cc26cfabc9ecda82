#pragma once

#include <istream>
#include <ostream>

namespace p11csr::cli {

/// Streams is where a command reads and writes: data on out, words for people on err.
struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

/// flush_data ends a command's output. Throws Error(file_failed) when it could not be written, but not for a reader
/// that has gone away: then it returns false.
[[nodiscard]] bool flush_data(Streams& streams);

}  // namespace p11csr::cli
