#include "cli/content_source.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>

#include "cli/document_input.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

/// about says which flag's file an error is about.
template <class Read>
x509::RequestSource about(const char* flag, const std::string& path, Read read) {
  try {
    return read(read_file(path, longest_input));
  } catch (const Error& error) {
    const std::string text = error.code() == Errc::file_failed
                                 ? fmt::format("{}: {}", flag, error.what())
                                 : fmt::format("{} {}: {}", flag, model::in_quotes(path), error.what());
    throw Error(error.code(), text, error.hint(), error.call());
  }
}

/// ConfigurationName is FILE[:section]; a file whose name holds a colon is meant where there is one.
struct ConfigurationName {
  std::string path;
  std::optional<std::string> section;
};

ConfigurationName configuration_name(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || access(text.c_str(), F_OK) == 0) return {text, std::nullopt};
  if (colon == 0 || colon + 1 == text.size())
    throw Error(Errc::usage, fmt::format("--openssl-config {} is not FILE or FILE:SECTION", model::in_quotes(text)),
                "write it like --openssl-config req.cnf or req.cnf:my_section");
  return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

bool names_file(const ContentFlags& flags) { return !flags.from.empty() || !flags.openssl_config.empty(); }

x509::RequestSource read_content_source(const ContentFlags& flags, const x509::Replaced& replaced) {
  if (!flags.from.empty())
    return about("--from", flags.from,
                 [&replaced](const Bytes& content) { return x509::content_of_document(content, replaced); });
  if (flags.openssl_config.empty()) return {};
  const ConfigurationName name = configuration_name(flags.openssl_config);
  return about("--openssl-config", name.path,
               [&](const Bytes& content) { return x509::content_of_configuration(content, name.section, replaced); });
}

}  // namespace p11csr::cli
