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
  /// keep throws Error(file_exists) where another file has the name: one that holds something, and not this request.
  void keep(const std::string& label, const Bytes& request) override;
  /// replace writes it, whatever has its name.
  void replace(const std::string& label, const Bytes& request);

 private:
  std::string folder_;
};

}  // namespace p11csr::cli
