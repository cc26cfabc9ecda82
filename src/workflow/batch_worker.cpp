#include "workflow/batch_worker.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "pkcs11/return_code.hpp"

namespace p11csr::workflow {
void BatchWorker::run() noexcept {
  while (!floor_.abandoned) {
    const auto job = floor_.jobs.take();
    if (!job) return;
    work_on(*job);
  }
}

void BatchWorker::work_on(const BatchJob& first_job) {
  BatchJob job = first_job;
  for (unsigned attempt = 0;; ++attempt) {
    try {
      const auto working = floor_.login.pass();
      if (stale_) open_session();
      floor_.events.put(make(job));
      return;
    } catch (const Error& error) {
      if (!pkcs11::loses_session(error) || attempt >= floor_.options.retries || floor_.abandoned) {
        tell(job, error, pkcs11::loses_session(error));
        return;
      }
    } catch (const std::exception& error) {
      tell(job, Error(Errc::unexpected, error.what()), false);
      return;
    }
    try {
      renew_session(attempt);
    } catch (const Error& error) {
      // A PIN that was refused is wiped, and never sent again.
      if (is_about_pin(error.code()) || attempt + 1 >= floor_.options.retries) {
        tell(job, error, true);
        return;
      }
    }
    // What the call that failed has left is on the token.
    job.look = true;
  }
}

BatchEvent BatchWorker::make(const BatchJob& job) {
  const Bench bench{session_, logins_, floor_.token, floor_.surroundings};
  BatchEvent event{job.number, job.row.label, number_, {}, {}, {}, {}, false};
  if (const KnownKey* known = job.look || floor_.known == nullptr ? nullptr : floor_.known->find(job.row.selector)) {
    event.request = sign_content(bench, floor_.settings, job.row.content, known->key, floor_.mechanisms).der();
    event.key_uri = known->key.private_key.uri;
    event.spki_sha256 = known->spki_sha256;
    return event;
  }
  const RequestReport made = make_composed(job, bench);
  event.request = made.request.der();
  event.key_uri = made.key.uri;
  event.spki_sha256 = made.key.spki_sha256;
  return event;
}

RequestReport BatchWorker::make_composed(const BatchJob& job, const Bench& bench) {
  RequestOptions options = floor_.options.composer->compose(job.row);
  options.allow_extractable = floor_.options.allow_extractable;
  options.self_verification = floor_.options.self_verification;
  if (auto* wanted = std::get_if<GenerateKey>(&options.key)) {
    wanted->generated = [&](const KeyReport& key) {
      floor_.events.put({job.number, job.row.label, number_, key.uri, key.spki_sha256, {}, {}, false});
    };
    if (!job.look) return make_request_with_new_key(bench, options, floor_.mechanisms);
    wanted->if_exists = IfExists::resume;
    return make_request(bench, options, nullptr, floor_.mechanisms);
  }
  const auto selector = pkcs11::ObjectSelector::of_key(job.row.selector);
  return make_request(bench, options, &selector, floor_.mechanisms);
}

// One after the other: the first one logs in again, and all sessions share it.
void BatchWorker::renew_session(unsigned attempt) {
  constexpr std::chrono::milliseconds first{100};
  constexpr std::chrono::milliseconds longest{10'000};
  std::this_thread::sleep_for(std::min(first * (1U << std::min(attempt, 10U)), longest));
  const auto alone = floor_.login.close();
  open_session();
  logins_.user_again();
}

void BatchWorker::open_session() {
  stale_ = true;
  session_.close();
  session_ = pkcs11::Session::open(floor_.token.module, floor_.token.slot, pkcs11::Access::read_write);
  stale_ = false;
}

void BatchWorker::tell(const BatchJob& job, const Error& error, bool ends_run) {
  if (ends_run) floor_.abandoned = true;
  stale_ = !error.call().empty();
  floor_.events.put({job.number, job.row.label, number_, {}, {}, {}, error, ends_run}, true);
}

}  // namespace p11csr::workflow
