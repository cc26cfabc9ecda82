#include <gtest/gtest.h>
#include <set>

#include <p11csr/model/error.hpp>

namespace p11csr {
namespace {

TEST(ErrorTest, NamesEveryCodeOnce) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(Errc::interrupted); ++code)
    names.insert(errc_name(static_cast<Errc>(code)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Errc::interrupted) + 1);
}

TEST(ErrorTest, NamesACodeAsItIsSpelt) {
  EXPECT_EQ(errc_name(Errc::key_not_bound), "key_not_bound");
  EXPECT_EQ(errc_name(Errc::malformed_input), "malformed_input");
  EXPECT_EQ(errc_name(Errc::interrupted), "interrupted");
}

TEST(ErrorTest, CarriesMessageHintAndCall) {
  const Error error(Errc::pin_incorrect, "the token refused the PIN", "check it", "C_Login: CKR_PIN_INCORRECT, 0xa0");
  EXPECT_EQ(error.code(), Errc::pin_incorrect);
  EXPECT_STREQ(error.what(), "the token refused the PIN");
  EXPECT_EQ(error.hint(), "check it");
  EXPECT_EQ(error.call(), "C_Login: CKR_PIN_INCORRECT, 0xa0");
}

}  // namespace
}  // namespace p11csr
