#pragma once

#include <string>

#include <p11csr/workflow/enroll.hpp>

namespace p11csr::cli {

/// RequestFolder is a folder with a request for each key: LABEL.csr.
class RequestFolder : public workflow::EnrollFiles {
 public:
  explicit RequestFolder(std::string folder) : folder_(std::move(folder)) {}

  void require_free(const std::string& label) override;
  std::string keep(const std::string& label, const std::string& pem) override;

 private:
  [[nodiscard]] std::string path_of(const std::string& label) const;

  std::string folder_;
};

/// check_file_label throws Error(malformed_input) for a label that cannot be a file's name.
void check_file_label(const std::string& label);

}  // namespace p11csr::cli
