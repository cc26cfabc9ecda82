#include <cstdint>
#include <cstdlib>

#include <p11csr/batch/ledger.hpp>
#include <p11csr/model/error.hpp>

#include "temporary_file.hpp"

using p11csr::batch::Ledger;

// Any octets are a ledger, or none, or one that cannot be read to its end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const p11csr::test::TemporaryFile file({data, size});
  try {
    const Ledger ledger = Ledger::read(file.path());
    static_cast<void>(ledger.count());
    static_cast<void>(ledger.rows_after(0, 2, Ledger::Which::unfinished));
    ledger.for_each([](const auto& row) { static_cast<void>(p11csr::batch::stage_name(row.stage)); });
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input && error.code() != p11csr::Errc::file_failed) std::abort();
  }
  return 0;
}
