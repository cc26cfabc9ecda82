#pragma once

#include <cstddef>
#include <istream>
#include <string>

#include <p11csr/model/bytes.hpp>

namespace p11csr::cli {

/// read_document reads a file, or `in` for "-", whatever it is: a pipe has no size. Never more than `most` octets and
/// one are read. Throws Error(malformed_input) for more than that and for a directory, Error(file_failed) for a file
/// that cannot be read.
[[nodiscard]] Bytes read_document(const std::string& path, std::istream& in, std::size_t most);

}  // namespace p11csr::cli
