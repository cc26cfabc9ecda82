#include "cli/journal_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

#include <p11csr/model/error.hpp>

#include "cli/document_input.hpp"
#include "cli/journal_record.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using workflow::CardRecord;

constexpr std::size_t largest_journal = 512UL * 1024 * 1024;

Error failed(const std::string& path, const char* what) {
  return {Errc::file_failed,
          fmt::format("cannot {} the journal {}: {}", what, model::in_quotes(path), std::strerror(errno)),
          "name another one with --journal"};
}

Json parse_line(const std::string& path, std::size_t number, std::string_view line) {
  Json json = Json::parse(line, nullptr, false);
  if (!json.is_discarded()) return json;
  throw Error(Errc::malformed_input, fmt::format("{}:{}: this line is no JSON", model::printable(path), number),
              "is it the journal of p11csr enroll?");
}

CardRecord read_line(const std::string& path, std::size_t number, std::string_view line) {
  const Json json = parse_line(path, number, line);
  try {
    return record_of(json);
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{}:{}: {}", model::printable(path), number, error.what()),
                "is it the journal of p11csr enroll?");
  }
}

/// for_each_line gives the whole lines, and returns how many octets they take.
template <typename Use>
std::size_t for_each_line(std::string_view text, const Use& use) {
  std::size_t begin = 0;
  std::size_t number = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', begin)) {
    if (end != begin) use(++number, text.substr(begin, end - begin));
    begin = end + 1;
  }
  return begin;
}

// The last line of a session that was killed may be cut; what does not begin like a record is somebody else's.
void require_cut_record(const std::string& path, std::string_view tail) {
  constexpr std::string_view begin = R"({"serial":)";
  if (tail.substr(0, begin.size()) == begin.substr(0, tail.size())) return;
  throw Error(Errc::malformed_input, fmt::format("{} is no journal", model::in_quotes(path)),
              "is it the journal of p11csr enroll? name it with --journal");
}

}  // namespace

JournalFile JournalFile::open(const std::string& path) {
  constexpr mode_t for_owner_only = 0600;
  JournalFile journal(path, ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, for_owner_only));
  const int fd = journal.file_->get();
  if (fd < 0) throw failed(path, "open");
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw failed(path, "lock");
    throw Error(Errc::file_failed, fmt::format("another session uses the journal {}", model::in_quotes(path)),
                "end that one first, or name another journal with --journal");
  }
  const Bytes content = read_file(path, largest_journal);
  const std::size_t whole = for_each_line(as_text(content), [&](std::size_t number, std::string_view line) {
    workflow::put_record(journal.records_, read_line(path, number, line));
  });
  require_cut_record(path, as_text(content).substr(whole));
  if (whole != content.size() && ftruncate(fd, static_cast<off_t>(whole)) != 0) throw failed(path, "mend");
  return journal;
}

std::vector<CardRecord> JournalFile::read(const std::string& path) {
  std::vector<CardRecord> records;
  const Bytes content = read_file(path, largest_journal);
  static_cast<void>(for_each_line(as_text(content), [&](std::size_t number, std::string_view line) {
    workflow::put_record(records, read_line(path, number, line));
  }));
  return records;
}

std::optional<CardRecord> JournalFile::find(const workflow::CardIdentity& card) const {
  const auto found =
      std::find_if(records_.begin(), records_.end(), [&card](const CardRecord& each) { return each.card == card; });
  if (found == records_.end()) return std::nullopt;
  return *found;
}

void JournalFile::write(CardRecord record) {
  record.when = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  if (!write_all(file_->get(), to_text(record_json(record), JsonShape::one_line)) || fdatasync(file_->get()) != 0)
    throw failed(path_, "write");
  workflow::put_record(records_, std::move(record));
}

}  // namespace p11csr::cli
