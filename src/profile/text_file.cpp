#include "profile/text_file.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <memory>

#include <p11csr/model/error.hpp>

#include "model/quote.hpp"

namespace p11csr::profile {

namespace {

constexpr std::size_t longest_file = 1024UL * 1024UL;

struct Close {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

Error cannot_read(const std::string& path, int reason) {
  return Error(Errc::file_failed, fmt::format("cannot read {}: {}", model::in_quotes(path), std::strerror(reason)),
               fmt::format("ls -l {} shows who may read it", model::shell_word(path)));
}

}  // namespace

std::optional<std::string> read_text_file(const std::string& path) {
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw cannot_read(path, errno);
  }
  std::string text(longest_file + 1, '\0');
  errno = 0;
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) throw cannot_read(path, errno);
  if (text.size() > longest_file) {
    throw Error(Errc::malformed_input, fmt::format("{} is longer than {} bytes", model::in_quotes(path), longest_file),
                "give a profile or a config.toml");
  }
  return text;
}

}  // namespace p11csr::profile
