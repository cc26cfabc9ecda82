#include "cli/request_folder.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>

#include "cli/document_input.hpp"
#include "cli/output_file.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

constexpr mode_t for_everybody = 0644;

bool is_there(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

}  // namespace

void check_file_label(const std::string& label) {
  constexpr std::size_t longest = 200;  // NAME_MAX is 255, and a suffix follows
  const bool odd = std::any_of(label.begin(), label.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 || octet == 0x7f || c == '/';
  });
  if (!odd && !label.empty() && !label.starts_with('.') && label.size() <= longest) return;
  throw Error(Errc::malformed_input, fmt::format("the label {} cannot be the name of a file", model::in_quotes(label)),
              "use a label of 1 to 200 octets without '/', control characters and a dot in front");
}

std::string request_path(const std::string& folder, const std::string& label) {
  return fmt::format("{}/{}.csr", folder, label);
}

void require_folder(std::string_view flag, const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return;
  throw Error(Errc::file_failed, fmt::format("{} {} is no folder", flag, model::in_quotes(path)),
              fmt::format("mkdir -p {}", model::shell_word(path)));
}

void RequestFolder::require_free(const std::string& label) {
  check_file_label(label);
  try {
    static_cast<void>(OutputFile::prepare(request_path(folder_, label), Overwrite::no, for_everybody));
  } catch (const Error& error) {
    if (error.code() != Errc::file_exists) throw;
    throw Error(error.code(), error.what(), "move it away, or let the key have another label");
  }
}

std::string RequestFolder::keep(const std::string& label, const std::string& pem) {
  std::string path = request_path(folder_, label);
  if (is_there(path) && as_text(read_file(path, longest_input)) == pem) return path;
  OutputFile::prepare(path, Overwrite::no, for_everybody).publish(pem);
  return path;
}

}  // namespace p11csr::cli
