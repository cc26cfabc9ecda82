#pragma once

#include <string>
#include <string_view>

#include <p11csr/workflow/enroll.hpp>

namespace p11csr::cli {

/// RequestFolder is a folder with a request for each key: LABEL.csr.
class RequestFolder : public workflow::EnrollFiles {
 public:
  explicit RequestFolder(std::string folder) : folder_(std::move(folder)) {}

  void require_free(const std::string& label) override;
  std::string keep(const std::string& label, const std::string& pem) override;

 private:
  std::string folder_;
};

/// request_path is where a folder has the request of a label.
[[nodiscard]] std::string request_path(const std::string& folder, const std::string& label);

/// require_folder throws Error(file_failed) where the path that a flag gave is no folder.
void require_folder(std::string_view flag, const std::string& path);

/// check_file_label throws Error(malformed_input) for a label that cannot be a file's name.
void check_file_label(const std::string& label);

}  // namespace p11csr::cli
