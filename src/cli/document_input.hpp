#pragma once

#include <cstddef>
#include <istream>
#include <string>

#include <p11csr/model/bytes.hpp>

namespace p11csr::cli {

/// longest_input is the most that is read of a file: no real request, certificate or configuration comes near.
inline constexpr std::size_t longest_input = 1024UL * 1024UL;

/// read_document reads a file, or `in` for "-", whatever it is: a pipe has no size. Never more than `most` octets and
/// one are read. Throws Error(malformed_input) for more than that and for a directory, Error(file_failed) for a file
/// that cannot be read.
[[nodiscard]] Bytes read_document(const std::string& path, std::istream& in, std::size_t most);

/// read_file is read_document for a path whose "-" is a name like any other.
[[nodiscard]] Bytes read_file(const std::string& path, std::size_t most);

}  // namespace p11csr::cli
