#include <cstdint>
#include <cstdlib>

#include <p11csr/model/error.hpp>

#include "cli/journal_file.hpp"
#include "cli/journal_record.hpp"
#include "temporary_file.hpp"

// Any octets are records of cards or no journal; a record is the same when it is written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const p11csr::test::TemporaryFile file({data, size});
  try {
    for (const auto& record : p11csr::cli::JournalFile::read(file.path())) {
      const auto json = p11csr::cli::record_json(record);
      if (p11csr::cli::record_json(p11csr::cli::record_of(json)) != json) std::abort();
    }
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input) std::abort();
  }
  return 0;
}
