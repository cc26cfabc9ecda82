#pragma once

#include <chrono>
#include <ostream>

#include <p11csr/workflow/batch.hpp>

namespace p11csr::cli {

/// ProgressPrinter shows how a batch stands: on a terminal in one line that is written anew, else in a line every ten
/// seconds.
class ProgressPrinter {
 public:
  ProgressPrinter(std::ostream& err, bool terminal) : err_(err), terminal_(terminal) {}
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;
  ~ProgressPrinter();

  void show(const workflow::BatchProgress& progress);
  /// clear takes the line away, for other text.
  void clear();

 private:
  std::ostream& err_;
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

[[nodiscard]] double rows_a_second(const workflow::BatchProgress& progress);
/// progress_text is "120 of 1000 rows, 45.2 a second, 19 s left, 2 failed; sessions 61+57".
[[nodiscard]] std::string progress_text(const workflow::BatchProgress& progress);
/// duration_text is "19 s", "3 min 20 s" or "2 h 5 min".
[[nodiscard]] std::string duration_text(std::chrono::steady_clock::duration duration);

}  // namespace p11csr::cli
