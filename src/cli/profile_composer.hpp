#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/workflow/enroll.hpp>

#include "cli/request_content.hpp"

namespace p11csr::cli {

/// CardPlace is where on a card each new key goes: an ID that all cards have in common, if any.
struct CardPlace {
  std::optional<Bytes> id;
  bool is_slot = false;  // the ID of a PIV slot
};

/// ProfileComposer makes a request out of the content flags and a person's fields: columns of a roster and fields of
/// the profile.
class ProfileComposer : public workflow::RequestComposer {
 public:
  /// ProfileComposer throws Error for a profile that cannot be read and for flags that contradict each other. `say` is
  /// told what of a file was left out.
  ProfileComposer(ContentFlags flags, CardPlace place, std::function<void(const std::string&)> say);

  /// all_fields are the fields that --set does not give.
  [[nodiscard]] std::vector<std::string> all_fields() const { return missing({}); }

  [[nodiscard]] std::vector<std::string> missing(const Fields& fields) const override;
  void check(const Fields& fields) const override;
  [[nodiscard]] workflow::RequestOptions compose(const Fields& fields) const override;
  /// judge composes and judges without a word, as far as nothing is missing, and gives the key's label. The challenge
  /// password stays where it is.
  [[nodiscard]] std::string judge(const Fields& fields) const;

 private:
  [[nodiscard]] workflow::RequestOptions options_of(const RequestContent& content, const Fields& fields) const;

  ContentFlags flags_;
  CardPlace place_;
  std::function<void(const std::string&)> say_;
  profile::Sourced<profile::Profile> profile_;
};

}  // namespace p11csr::cli
