#pragma once

#include <functional>
#include <string>
#include <vector>

#include <p11csr/workflow/enroll.hpp>

#include "cli/content_flags.hpp"

namespace p11csr::cli {

/// ProfileComposer makes a request out of the content flags and a person's fields: columns of a roster and fields of
/// the profile.
class ProfileComposer : public workflow::RequestComposer {
 public:
  /// ProfileComposer throws Error for a profile that cannot be read and for flags that contradict each other. `say` is
  /// told what of a file was left out.
  ProfileComposer(ContentFlags flags, std::function<void(const std::string&)> say);

  /// all_fields are the fields that --set does not give.
  [[nodiscard]] std::vector<std::string> all_fields() const { return missing({}); }

  [[nodiscard]] std::vector<std::string> missing(const Fields& fields) const override;
  void check(const Fields& fields) const override;
  [[nodiscard]] workflow::RequestOptions compose(const Fields& fields) const override;

 private:
  ContentFlags flags_;
  std::function<void(const std::string&)> say_;
  profile::Profile profile_;
};

}  // namespace p11csr::cli
