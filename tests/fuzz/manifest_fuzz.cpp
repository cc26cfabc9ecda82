#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "cli/manifest.hpp"

using p11csr::cli::ManifestRow;

// Any octets are the rows of a manifest, bad rows, or no manifest. Rows have columns that may be there, none of them
// empty.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string> columns{"label", "id", "subject", "san", "host"};
  std::istringstream in{std::string(p11csr::as_text({data, size}))};
  const auto take = [&columns](ManifestRow&& row) {
    for (const auto& [name, value] : row.fields)
      if (value.empty() || std::find(columns.begin(), columns.end(), name) == columns.end()) std::abort();
  };
  const auto bad = [](std::uint64_t line, const p11csr::Error& error) {
    if (line == 0 || error.code() != p11csr::Errc::malformed_input) std::abort();
  };
  try {
    p11csr::cli::ManifestReader("-", columns, take, bad).read(in);
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input) std::abort();
  }
  return 0;
}
