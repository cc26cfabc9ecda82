#pragma once

#include <string>

#include <p11csr/workflow/batch.hpp>

namespace p11csr::cli {

/// BatchFolder is the folder of a batch: LABEL.csr for each row, PEM. The ledger holds each request too, so the disk
/// gets to files when it likes.
class BatchFolder : public workflow::BatchFiles {
 public:
  /// BatchFolder throws Error(file_failed) for a folder that is not there or cannot be written to.
  explicit BatchFolder(std::string folder);

  /// is_free is false where something has the name of the label's request.
  [[nodiscard]] bool is_free(const std::string& label) const;

  [[nodiscard]] bool has(const std::string& label, const Bytes& request) const override;
  void keep(const std::string& label, const Bytes& request) override;

 private:
  [[nodiscard]] std::string path_of(const std::string& label) const;

  std::string folder_;
};

/// request_pem is RFC 7468 text "-----BEGIN CERTIFICATE REQUEST-----".
[[nodiscard]] std::string request_pem(const Bytes& request);

}  // namespace p11csr::cli
