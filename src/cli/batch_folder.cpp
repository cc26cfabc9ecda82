#include "cli/batch_folder.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>

#include "cli/document_input.hpp"
#include "cli/output_file.hpp"
#include "crypto/pem.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {

std::string request_pem(const Bytes& request) { return crypto::to_pem("CERTIFICATE REQUEST", request); }

BatchFolder::BatchFolder(std::string folder) : folder_(std::move(folder)) {
  struct stat info {};
  if (stat(folder_.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
    throw Error(Errc::file_failed, fmt::format("--out-dir {} is no folder", model::in_quotes(folder_)),
                fmt::format("mkdir -p {}", model::shell_word(folder_)));
  if (access(folder_.c_str(), W_OK | X_OK) != 0)
    throw Error(Errc::file_failed,
                fmt::format("cannot write to --out-dir {}: {}", model::in_quotes(folder_), std::strerror(errno)),
                "choose a folder that can be written to; nothing was generated");
}

std::string BatchFolder::path_of(const std::string& label) const { return fmt::format("{}/{}.csr", folder_, label); }

bool BatchFolder::is_free(const std::string& label) const {
  struct stat info {};
  return lstat(path_of(label).c_str(), &info) != 0 && errno == ENOENT;
}

bool BatchFolder::has(const std::string& label, const Bytes& request) const {
  try {
    return as_text(read_file(path_of(label), longest_input)) == request_pem(request);
  } catch (const Error&) {
    return false;
  }
}

void BatchFolder::keep(const std::string& label, const Bytes& request) {
  constexpr mode_t for_everybody = 0644;
  try {
    OutputFile::prepare(path_of(label), Overwrite::yes, for_everybody).publish(request_pem(request), Flush::later);
  } catch (const Error& error) {
    throw Error(error.code(), error.what(),
                "the request is in the ledger: make room or repair the access, and run the same command again");
  }
}

}  // namespace p11csr::cli
