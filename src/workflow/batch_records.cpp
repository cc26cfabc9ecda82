#include "workflow/batch_records.hpp"

#include <fmt/format.h>
#include <utility>

#include <p11csr/crypto/digest.hpp>

namespace p11csr::workflow {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kGroup = 256;                      // requests that are committed together at most
constexpr std::chrono::milliseconds kCommitAfter{1000};  // each commit waits for the disk, and a token has to as well

}  // namespace

std::optional<BatchJob>& Feeder::next() {
  if (job_ || ended_) return job_;
  if (page_.empty()) {
    for (batch::LedgerRow& row : ledger_.rows_after(last_, kRowsAtATime, batch::Ledger::Which::unfinished))
      page_.push_back(std::move(row));
    ended_ = page_.empty();
    if (ended_) return job_;
  }
  batch::LedgerRow row = std::move(page_.front());
  page_.pop_front();
  last_ = row.number;
  const bool look = planned_ != nullptr && planned_->is_there(row.number);
  job_ = BatchJob{row.number, std::move(row.plan), look};
  return job_;
}

void Recorder::take(BatchEvent event) {
  if (event.error) {
    std::string text = event.error->what();
    if (!event.error->call().empty()) text += fmt::format(" ({})", event.error->call());
    ledger_.failed(event.number, text);
  } else if (event.request.empty()) {
    ledger_.generated(event.number, event.key_uri, event.spki_sha256);
  } else {
    ledger_.is_signed(event.number, event.key_uri, event.spki_sha256, event.request,
                      crypto::sha256_text(event.request));
    unwritten_.push_back({event.number, std::move(event.label), std::move(event.request)});
  }
  if (unwritten_.size() >= kGroup || Clock::now() - committed_ >= kCommitAfter) flush();
}

void Recorder::flush() {
  ledger_.commit();
  for (; !unwritten_.empty(); unwritten_.pop_front()) {
    const Unwritten& next = unwritten_.front();
    files_.keep(next.label, next.request);
    ledger_.written(next.number);
    ++written_;
  }
  committed_ = Clock::now();
}

}  // namespace p11csr::workflow
