#include "cli/document_input.hpp"

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

// Fills the buffer as far as the file goes.
std::size_t fill(const std::string& path, Bytes& buffer) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0) throw failed(path, errno);
  std::size_t size = 0;
  while (size < buffer.size()) {
    const ssize_t count = read(file.get(), buffer.data() + size, buffer.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw failed(path, errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  return size;
}

std::size_t fill(std::istream& in, Bytes& buffer) {
  std::size_t size = 0;
  while (size < buffer.size() && in.good()) {
    const int octet = in.get();
    if (octet == std::istream::traits_type::eof()) break;
    buffer[size++] = static_cast<std::uint8_t>(octet);
  }
  if (in.bad()) throw Error(Errc::file_failed, "cannot read standard input", "give the name of a file");
  return size;
}

Bytes cut(Bytes content, std::size_t size, std::size_t most, const std::string& name) {
  if (size > most)
    throw Error(Errc::malformed_input, fmt::format("{} has more than {} bytes; no such file is that long", name, most),
                "give a single request, certificate or configuration");
  content.resize(size);
  return content;
}

}  // namespace

Bytes read_file(const std::string& path, std::size_t most) {
  Bytes content(most + 1);
  const std::size_t size = fill(path, content);
  return cut(std::move(content), size, most, model::in_quotes(path));
}

Bytes read_document(const std::string& path, std::istream& in, std::size_t most) {
  if (path != "-") return read_file(path, most);
  Bytes content(most + 1);
  const std::size_t size = fill(in, content);
  return cut(std::move(content), size, most, "standard input");
}

}  // namespace p11csr::cli
