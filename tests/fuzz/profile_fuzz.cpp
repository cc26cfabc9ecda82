#include <cstdint>
#include <cstdlib>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/profile/merge.hpp>
#include <p11csr/profile/site_defaults.hpp>

#include "profile/read_profile.hpp"

namespace {

using p11csr::Errc;
using p11csr::Error;
namespace profile = p11csr::profile;

/// filled gives every field a value that would change a name, were it not kept in its place.
profile::FieldValues filled(const profile::Profile& profile) {
  profile::FieldValues values;
  for (const auto& field : profile.fields()) values.fill_in(field, "a,CN=b+O=c");
  return values;
}

void merge(const profile::Profile& profile) {
  try {
    const auto merged = profile::merge(profile, {}, filled(profile));
    const std::size_t fixed = profile.fixed_rdns ? profile.fixed_rdns->value.types().size() : 0;
    const std::size_t own = profile.subject ? profile.subject->value.types().size() : 0;
    if (merged.subject.value.rdns().size() > fixed + own) std::abort();
  } catch (const Error& error) {
    const bool expected = error.code() == Errc::malformed_input || error.code() == Errc::not_allowed;
    if (!expected && error.code() != Errc::usage) std::abort();
  }
}

template <typename Read>
void read(Read read_text) {
  try {
    read_text();
  } catch (const Error& error) {
    if (error.code() != Errc::malformed_input) std::abort();
  }
}

}  // namespace

// Whatever is in a profile or a configuration, what comes out is one of them or an Error that says where it is wrong.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = p11csr::as_text({data, size});
  read([text] {
    const auto read_one = profile::read_profile(text, "web", "web.toml");
    static_cast<void>(profile::shown_values(read_one.profile));
    merge(read_one.profile);
  });
  read([text] { static_cast<void>(profile::parse_site_defaults(text, "config.toml")); });
  return 0;
}
