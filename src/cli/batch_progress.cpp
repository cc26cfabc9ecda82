#include "cli/batch_progress.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>

namespace p11csr::cli {
namespace {

constexpr std::chrono::milliseconds kOnTerminal{200};
constexpr std::chrono::seconds kElsewhere{10};

}  // namespace

std::string duration_text(std::chrono::steady_clock::duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  constexpr auto minute = 60;
  constexpr auto hour = 3600;
  if (seconds < minute) return fmt::format("{} s", seconds);
  if (seconds < hour) return fmt::format("{} min {} s", seconds / minute, seconds % minute);
  return fmt::format("{} h {} min", seconds / hour, seconds % hour / minute);
}

double rows_a_second(const workflow::BatchProgress& progress) {
  const std::chrono::duration<double> elapsed = progress.elapsed;
  return elapsed.count() > 0 ? static_cast<double>(progress.done) / elapsed.count() : 0;
}

std::string progress_text(const workflow::BatchProgress& progress) {
  const double rate = rows_a_second(progress);
  std::string text = fmt::format("{} of {} rows, {:.1f} a second", progress.finished, progress.total, rate);
  const std::uint64_t left = progress.total - progress.finished;
  if (rate > 0 && left > 0)
    text += fmt::format(", {} left", duration_text(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                         std::chrono::duration<double>(static_cast<double>(left) / rate))));
  if (progress.failed > 0) text += fmt::format(", {} failed", progress.failed);
  if (!progress.by_session.empty()) text += fmt::format("; sessions {}", fmt::join(progress.by_session, "+"));
  return text;
}

void ProgressPrinter::show(const workflow::BatchProgress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < (terminal_ ? std::chrono::steady_clock::duration(kOnTerminal) : kElsewhere)) return;
  last_ = now;
  if (terminal_)
    fmt::print(err_, "\r\x1b[K{}", progress_text(progress));
  else
    fmt::print(err_, "p11csr: {}\n", progress_text(progress));
  err_.flush();
  shown_ = terminal_;
}

ProgressPrinter::~ProgressPrinter() {
  try {
    clear();
  } catch (...) {  // a line that cannot be taken away stays
  }
}

void ProgressPrinter::clear() {
  if (shown_) fmt::print(err_, "\r\x1b[K");
  shown_ = false;
}

}  // namespace p11csr::cli
