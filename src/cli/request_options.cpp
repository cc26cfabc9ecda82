#include "cli/request_options.hpp"

#include <utility>

#include <p11csr/model/error.hpp>

namespace p11csr::cli {

std::string label_of(const RequestContent& content) {
  if (content.settings.label) return content.settings.label->value;
  const RequestSpec& spec = content.spec;
  if (std::string name = spec.subject().common_name(); !name.empty()) return name;
  if (!spec.extensions().subject_alt_names.empty()) {
    const std::string name = to_string(spec.extensions().subject_alt_names.front());
    return name.substr(name.find(':') + 1);
  }
  // A device by its serial number: the most specific RDN is encoded last.
  if (!spec.subject().empty()) return spec.subject().rdns().back().front().value;
  throw Error(Errc::usage, "the new key has no label: the subject is empty and there is no SAN",
              "name it with --label");
}

workflow::RequestOptions options_for(const RequestContent& content, KeyChoice key) {
  workflow::RequestOptions options{.token = {},
                                   .pin = {},
                                   .key = std::move(key),
                                   .spec = content.spec,
                                   .digest = std::nullopt,
                                   .preferred_digest = content.preferred_digest,
                                   .padding = std::nullopt,
                                   .allow_extractable = false,
                                   .self_verification = x509::SelfVerification::required,
                                   .lint = content.lint,
                                   .allow_key = {},
                                   .confirm = std::nullopt,
                                   .approve = {}};
  if (content.settings.digest) options.digest = content.settings.digest->value;
  if (content.settings.padding) options.padding = content.settings.padding->value;
  if (const profile::Profile& profile = content.profile.value; !profile.name.empty())
    options.allow_key = [profile](const KeySpec& kind) { profile::check_key(profile, kind); };
  return options;
}

}  // namespace p11csr::cli
