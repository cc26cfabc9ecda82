#include "cli/request_folder.hpp"

#include <algorithm>
#include <fmt/format.h>
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

std::string RequestFolder::path_of(const std::string& label) const { return fmt::format("{}/{}.csr", folder_, label); }

void RequestFolder::require_free(const std::string& label) {
  check_file_label(label);
  static_cast<void>(OutputFile::prepare(path_of(label), Overwrite::no, for_everybody));
}

std::string RequestFolder::keep(const std::string& label, const std::string& pem) {
  const std::string path = path_of(label);
  if (is_there(path) && as_text(read_file(path, longest_input)) == pem) return path;
  OutputFile::prepare(path, Overwrite::no, for_everybody).publish(pem);
  return path;
}

}  // namespace p11csr::cli
