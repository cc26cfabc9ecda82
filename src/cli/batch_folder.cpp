#include "cli/batch_folder.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/certification_request.hpp>

#include "cli/document_input.hpp"
#include "cli/output_file.hpp"
#include "cli/request_folder.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {

using x509::request_pem;

BatchFolder::BatchFolder(std::string folder) : folder_(std::move(folder)) {
  require_folder("--out-dir", folder_);
  if (access(folder_.c_str(), W_OK | X_OK) != 0)
    throw Error(Errc::file_failed,
                fmt::format("cannot write to --out-dir {}: {}", model::in_quotes(folder_), std::strerror(errno)),
                "choose a folder that can be written to; nothing was generated");
}

bool BatchFolder::is_free(const std::string& label) const {
  struct stat info {};
  return lstat(request_path(folder_, label).c_str(), &info) != 0 && errno == ENOENT;
}

bool BatchFolder::has(const std::string& label, const Bytes& request) const {
  try {
    return as_text(read_file(request_path(folder_, label), longest_input)) == request_pem(request);
  } catch (const Error&) {
    return false;
  }
}

// Power loss leaves files empty that were written shortly before.
void BatchFolder::keep(const std::string& label, const Bytes& request) {
  struct stat info {};
  const bool is_there = lstat(request_path(folder_, label).c_str(), &info) == 0;
  if (is_there && (!S_ISREG(info.st_mode) || info.st_size > 0) && !has(label, request))
    throw Error(Errc::file_exists, fmt::format("{}.csr is there and has something else in it", label),
                "move it away, and run the same command again");
  replace(label, request);
}

void BatchFolder::replace(const std::string& label, const Bytes& request) {
  constexpr mode_t for_everybody = 0644;
  try {
    replace_file(request_path(folder_, label), request_pem(request), for_everybody);
  } catch (const Error& error) {
    throw Error(error.code(), error.what(),
                "the request is in the ledger: make room or repair the access, and run the same command again");
  }
}

}  // namespace p11csr::cli
