#include "cli/document_input.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>

#include "cli/descriptor.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

Error failed(const std::string& path, int reason) {
  const std::string name = model::in_quotes(path);
  if (reason == EISDIR) return {Errc::malformed_input, fmt::format("{} is a directory", name), "give a file"};
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  return {Errc::file_failed, fmt::format("cannot read {}: {}", name, std::strerror(reason)),
          fmt::format("ls -l {} shows which files are there, and who may read them", model::shell_word(folder))};
}

// Limits are far above what files have: memory is for what is there. One octet more than `most` tells one that is
// longer.
template <typename Read>
Bytes read_all(const Read& read, std::size_t most, const std::string& name) {
  constexpr std::size_t piece = 64UL * 1024;
  Bytes content;
  while (content.size() <= most) {
    const std::size_t size = content.size();
    const std::size_t wanted = std::min(std::max(piece, size), most + 1 - size);
    content.resize(size + wanted);
    const std::size_t count = read(content.data() + size, wanted);
    content.resize(size + count);
    if (count == 0) return content;
  }
  throw Error(Errc::malformed_input, fmt::format("{} has more than {} bytes; no such file is that long", name, most),
              "give a single request, certificate or configuration");
}

}  // namespace

Bytes read_file(const std::string& path, std::size_t most) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0) throw failed(path, errno);
  const auto from_file = [&](std::uint8_t* begin, std::size_t size) {
    while (true) {
      const ssize_t count = read(file.get(), begin, size);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) throw failed(path, errno);
    }
  };
  return read_all(from_file, most, model::in_quotes(path));
}

Bytes read_document(const std::string& path, std::istream& in, std::size_t most) {
  if (path != "-") return read_file(path, most);
  const auto from_stream = [&in](std::uint8_t* begin, std::size_t size) {
    in.read(reinterpret_cast<char*>(begin), static_cast<std::streamsize>(size));
    if (in.bad()) throw Error(Errc::file_failed, "cannot read standard input", "give the name of a file");
    return static_cast<std::size_t>(in.gcount());
  };
  return read_all(from_stream, most, "standard input");
}

}  // namespace p11csr::cli
