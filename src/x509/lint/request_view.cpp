#include "x509/lint/request_view.hpp"

#include <algorithm>

#include <p11csr/model/error.hpp>

#include "x509/lint/oids.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerElement;
using crypto::DerReader;
using crypto::DerTag;

RequestAttribute read_attribute(const DerElement& attribute) {
  DerReader reader(attribute.content, "the attribute");
  RequestAttribute result{oid_text(reader.expect(DerTag::object_identifier).content), attribute.whole, {}};
  DerReader values = inside_set(reader, "the attribute");
  reader.finish();
  while (!values.at_end()) result.values.push_back(values.next());
  return result;
}

void read_attributes(RequestView& view, DerReader reader) {
  while (!reader.at_end()) view.attributes.push_back(read_attribute(reader.expect(DerTag::sequence)));
  std::vector<ByteView> elements(view.attributes.size());
  std::transform(view.attributes.begin(), view.attributes.end(), elements.begin(),
                 [](const RequestAttribute& one) { return one.whole; });
  view.attributes_sorted = is_sorted_set(elements);
}

ExtensionView read_one_extension(DerReader reader) {
  ExtensionView extension{oid_text(reader.expect(DerTag::object_identifier).content), false, {}};
  if (reader.next_is(DerTag::boolean)) {
    const DerElement critical = reader.next();
    extension.critical = std::any_of(critical.content.begin(), critical.content.end(), [](auto o) { return o != 0; });
    extension.default_encoded = !extension.critical;
  }
  extension.value = reader.expect(DerTag::octet_string).content;
  reader.finish();
  return extension;
}

std::vector<ExtensionView> read_extensions(ByteView extensions) {
  DerReader outer(extensions, "the extensionRequest");
  DerReader reader = outer.inside(DerTag::sequence);
  outer.finish();
  std::vector<ExtensionView> result;
  while (!reader.at_end()) {
    result.push_back(read_one_extension({reader.expect(DerTag::sequence).content, "the extension"}));
  }
  return result;
}

/// The extensions of the first extensionRequest; where there is none, of Microsoft's predecessor of it.
void take_extensions(RequestView& view) {
  auto carriers = view.attributes_of(oids::extension_request);
  if (carriers.empty()) carriers = view.attributes_of(oids::microsoft_extension_request);
  if (carriers.empty() || carriers.front()->values.empty()) return;
  try {
    view.extensions = read_extensions(carriers.front()->values.front().whole);
  } catch (const Error&) {
    view.extension_request_well_formed = false;
  }
  for (ExtensionView& extension : view.extensions) {
    try {
      crypto::check_der(extension.value, "the extension");
      read_extension(view, extension);
    } catch (const Error&) {
      extension.well_formed = false;
    }
  }
}

AlgorithmView read_algorithm(ByteView whole) {
  DerReader outer(whole, "the AlgorithmIdentifier");
  DerReader reader = outer.inside(DerTag::sequence);
  AlgorithmView result{oid_text(reader.expect(DerTag::object_identifier).content), std::nullopt, whole};
  if (!reader.at_end()) result.parameters = reader.next();
  reader.finish();
  return result;
}

KeyView key_of(const LintInput& input, ByteView encoded) {
  if (input.without_key()) return input.kind() ? planned_key(*input.kind()) : KeyView{};
  KeyView key = key_view(encoded);
  key.checked = input.key_checked();
  return key;
}

}  // namespace

RequestView::RequestView(const LintInput& input) {
  DerReader outer(input.info(), "the CertificationRequestInfo");
  DerReader info = outer.inside(DerTag::sequence);
  outer.finish();
  version = info.expect(DerTag::integer).content;
  subject = read_name(info.inside(DerTag::sequence), "the subject");
  key = key_of(input, info.expect(DerTag::sequence).whole);
  has_attributes = !info.at_end();
  if (has_attributes) {
    read_attributes(*this, info.inside(DerTag::context_0));
    take_extensions(*this);
  }
  info.finish();
  if (!input.algorithm().empty()) algorithm = read_algorithm(input.algorithm());
  signature = input.signature();
}

const ExtensionView* RequestView::extension(std::string_view oid) const {
  const auto found = std::find_if(extensions.begin(), extensions.end(), [oid](const auto& e) { return e.oid == oid; });
  return found == extensions.end() ? nullptr : &*found;
}

std::vector<const RequestAttribute*> RequestView::attributes_of(std::string_view type) const {
  std::vector<const RequestAttribute*> result;
  for (const RequestAttribute& attribute : attributes) {
    if (attribute.type == type) result.push_back(&attribute);
  }
  return result;
}

std::vector<const NameAttribute*> RequestView::values_of(std::string_view type) const {
  std::vector<const NameAttribute*> result;
  for (const RdnView& rdn : subject.rdns) {
    for (const NameAttribute& attribute : rdn) {
      if (attribute.type == type) result.push_back(&attribute);
    }
  }
  return result;
}

std::vector<const GeneralNameView*> RequestView::names_of(GeneralNameTag tag) const {
  std::vector<const GeneralNameView*> result;
  if (!names) return result;
  for (const GeneralNameView& name : *names) {
    if (name.tag == tag) result.push_back(&name);
  }
  return result;
}

std::vector<const GeneralNameView*> RequestView::other_names(std::string_view type) const {
  auto result = names_of(GeneralNameTag::other);
  std::erase_if(result, [type](const GeneralNameView* name) { return name->type != type; });
  return result;
}

bool RequestView::has_purpose(std::string_view oid) const {
  return purposes && std::find(purposes->begin(), purposes->end(), oid) != purposes->end();
}

}  // namespace p11csr::x509
