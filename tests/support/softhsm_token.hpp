#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace p11csr::support {

/// SoftHsmToken is a throw-away SoftHSM2 token in a temporary folder of its own, found by this process and its children
/// through SOFTHSM2_CONF. One at a time: a second one takes SOFTHSM2_CONF over until it ends. Throws
/// std::runtime_error where it cannot be made.
class SoftHsmToken {
 public:
  static constexpr std::string_view user_pin = "1234";
  static constexpr std::string_view so_pin = "12345678";

  explicit SoftHsmToken(std::string_view label);
  SoftHsmToken(const SoftHsmToken&) = delete;
  SoftHsmToken& operator=(const SoftHsmToken&) = delete;
  /// Removes the folder and restores SOFTHSM2_CONF.
  ~SoftHsmToken();

  /// add_token initialises one more token in the same folder, with the same PINs.
  void add_token(std::string_view label);

  [[nodiscard]] const std::string& label() const noexcept { return label_; }
  /// folder is where softhsm2.conf and tokens/ are; tests may keep files there.
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  /// module_path is SoftHSM2's own module.
  [[nodiscard]] static std::string module_path();

 private:
  std::string label_;
  std::filesystem::path folder_;
  std::string previous_configuration_;
};

}  // namespace p11csr::support
