#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/model/request_spec.hpp>
#include <p11csr/model/signature_algorithm.hpp>

#include "cli/options.hpp"

namespace p11csr::cli {

/// ContentFlags are the flags that say what a request contains, as they were typed.
struct ContentFlags {
  std::optional<std::string> subject;
  std::vector<std::string> san;
  std::string key_usage;
  std::string extended_key_usage;
  std::string basic_constraints;
  std::vector<std::string> extension;
  std::string from;
  std::string openssl_config;
  std::vector<std::string> set;
};

void declare_content_flags(Options& options, ContentFlags& flags);

/// RequestContent is what the flags and the file that they name come to.
struct RequestContent {
  RequestSpec spec;
  std::optional<Digest> preferred_digest;  // of a configuration
};

/// request_content reads the file and puts the flags over it. `say` is told what of the file was left out; where
/// digest_given, the file's digest is not looked at. Throws Error.
[[nodiscard]] RequestContent request_content(const ContentFlags& flags, bool digest_given,
                                             const std::function<void(const std::string&)>& say);

}  // namespace p11csr::cli
