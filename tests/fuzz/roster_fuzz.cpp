#include <cstdint>
#include <cstdlib>
#include <set>

#include <p11csr/model/error.hpp>

#include "cli/roster.hpp"
#include "temporary_file.hpp"

// Any octets are the people of a roster, each of them once, or no roster.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const p11csr::test::TemporaryFile file({data, size});
  try {
    std::set<std::string> keys;
    for (const auto& person :
         p11csr::cli::read_roster(file.path(), {"name", "mail"}, [](const p11csr::workflow::Person& /*unused*/) {}))
      if (!keys.insert(person.key).second) std::abort();
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input) std::abort();
  }
  return 0;
}
