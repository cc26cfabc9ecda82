#include <algorithm>

#include <p11csr/model/error.hpp>

#include "x509/lint/request_view.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerElement;
using crypto::DerReader;
using crypto::DerTag;

constexpr std::uint8_t set_tag = 0x31;

NameAttribute read_name_attribute(DerReader pair) {
  std::string type = oid_text(pair.expect(DerTag::object_identifier).content);
  const DerElement value = pair.next();
  pair.finish();
  const auto* facts = model::find_attribute_type(Oid::parse(type));
  return {std::move(type), facts, value.identifier, value.content, string_text(value.identifier, value.content)};
}

}  // namespace

bool is_sorted_set(const std::vector<ByteView>& elements) {
  return std::is_sorted(elements.begin(), elements.end(), [](ByteView a, ByteView b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  });
}

DerReader inside_set(DerReader& reader, std::string_view what) {
  const DerElement set = reader.next();
  if (set.identifier != set_tag) {
    throw Error(Errc::malformed_input, "the request has an element where a SET is due");
  }
  return {set.content, what};
}

NameView read_name(DerReader rdns, std::string_view owner) {
  NameView name{owner, {}, true};
  while (!rdns.at_end()) {
    DerReader set = inside_set(rdns, owner);
    std::vector<ByteView> elements;
    RdnView rdn;
    while (!set.at_end()) {
      const DerElement pair = set.expect(DerTag::sequence);
      elements.push_back(pair.whole);
      rdn.push_back(read_name_attribute({pair.content, owner}));
    }
    name.rdns_sorted = name.rdns_sorted && is_sorted_set(elements);
    name.rdns.push_back(std::move(rdn));
  }
  return name;
}

}  // namespace p11csr::x509
