// A key that this project generated, used by a program that knows nothing of it but libp11's public interface.
#include "pkcs11/libp11.hpp"

#include <memory>
#include <openssl/evp.h>
#include <vector>

#include <p11csr/workflow/keys.hpp>

#include "token_test.hpp"

namespace p11csr::token {
namespace {

/// Libp11Token is the only token of the module, logged in, as libp11 shows it.
class Libp11Token {
 public:
  Libp11Token(const std::string& module, const std::string& pin) : context_(PKCS11_CTX_new()) {
    if (PKCS11_CTX_load(context_, module.c_str()) != 0) return;
    loaded_ = true;
    if (PKCS11_enumerate_slots(context_, &slots_, &slot_count_) != 0) return;
    slot_ = PKCS11_find_token(context_, slots_, slot_count_);
    if (slot_ != nullptr && PKCS11_login(slot_, 0, pin.c_str()) != 0) slot_ = nullptr;
  }
  Libp11Token(const Libp11Token&) = delete;
  Libp11Token& operator=(const Libp11Token&) = delete;
  ~Libp11Token() {
    if (slots_ != nullptr) PKCS11_release_all_slots(context_, slots_, slot_count_);
    if (loaded_) PKCS11_CTX_unload(context_);
    PKCS11_CTX_free(context_);
  }

  /// private_key is the token's only key; null where there is none.
  [[nodiscard]] PKCS11_KEY* private_key() const {
    PKCS11_KEY* keys = nullptr;
    unsigned count = 0;
    if (slot_ == nullptr || PKCS11_enumerate_keys(slot_->token, &keys, &count) != 0 || count != 1) return nullptr;
    return keys;
  }

 private:
  PKCS11_CTX* context_;
  bool loaded_ = false;
  PKCS11_SLOT* slots_ = nullptr;
  unsigned slot_count_ = 0;
  PKCS11_SLOT* slot_ = nullptr;
};

struct KeyFreer {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyFreer>;

struct ContextFreer {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, ContextFreer>;

const std::vector<unsigned char> kMessage{'a', ' ', 'm', 'e', 's', 's', 'a', 'g', 'e'};

std::vector<unsigned char> sign(EVP_PKEY* key) {
  const DigestContext context(EVP_MD_CTX_new());
  std::vector<unsigned char> signature(512);
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, kMessage.data(), kMessage.size()) != 1)
    return {};
  signature.resize(size);
  return signature;
}

bool verifies(EVP_PKEY* key, const std::vector<unsigned char>& signature) {
  const DigestContext context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), kMessage.data(), kMessage.size()) == 1;
}

class Libp11Test : public TokenTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void generate(const std::string& kind) {
    const workflow::GenerateKey wanted{parse_key_spec(kind), "web", std::nullopt, workflow::IfExists::refuse};
    static_cast<void>(workflow::generate_key(token().choice(), {}, wanted, false, x509::SelfVerification::required,
                                             token().surroundings()));
  }
};

TEST_P(Libp11Test, SignsWithAKeyThatWeGenerated) {
  generate(GetParam());
  const Libp11Token libp11(token().module_path(), token().pin());
  PKCS11_KEY* found = libp11.private_key();
  ASSERT_NE(found, nullptr);
  const Key private_key(PKCS11_get_private_key(found));
  const Key public_key(PKCS11_get_public_key(found));
  ASSERT_TRUE(private_key);
  ASSERT_TRUE(public_key);
  const auto signature = sign(private_key.get());
  ASSERT_FALSE(signature.empty());
  EXPECT_TRUE(verifies(public_key.get(), signature));
}

INSTANTIATE_TEST_SUITE_P(EachKindThatLibp11Knows, Libp11Test, ::testing::Values("rsa:2048", "ec:P-256", "ec:P-384"));

}  // namespace
}  // namespace p11csr::token
