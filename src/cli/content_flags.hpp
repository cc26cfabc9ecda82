#pragma once

#include <optional>
#include <string>
#include <vector>

#include <p11csr/profile/merge.hpp>

#include "cli/options.hpp"

namespace p11csr::cli {

/// ContentFlags are the flags that say what a request contains, as they were typed.
struct ContentFlags {
  profile::RequestedByFlags requested;
  std::string sid_form;
  std::optional<std::string> unstructured_name;
  std::string challenge_password_source;
  std::string from;
  std::string openssl_config;
  std::optional<std::string> profile;
  std::vector<std::string> set;
};

/// declare_content_flags adds them; `names` is how rare those are that say which names the request holds.
void declare_content_flags(Options& options, ContentFlags& flags, Rarity names = Rarity::usual);

}  // namespace p11csr::cli
