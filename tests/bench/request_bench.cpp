// How many requests a second are encoded and verified, by type of key. The signature is made once and kept: what a
// token would do is not what is measured.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <memory>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <optional>
#include <stdexcept>
#include <string>

#include <p11csr/crypto/signer.hpp>
#include <p11csr/model/request_spec.hpp>
#include <p11csr/x509/certification_request.hpp>

namespace {

using p11csr::Bytes;
using p11csr::ByteView;

template <auto Free>
struct Deleter {
  template <typename Object>
  void operator()(Object* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;

Key generate(const p11csr::KeySpec& kind) {
  if (const auto* rsa = std::get_if<p11csr::RsaKey>(&kind)) {
    return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(rsa->bits)));
  }
  if (const auto* ec = std::get_if<p11csr::EcKey>(&kind)) {
    return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", std::string(p11csr::facts(ec->curve).name).c_str()));
  }
  return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

/// SoftwareSigner signs the same octets only once.
class SoftwareSigner final : public p11csr::Signer {
 public:
  explicit SoftwareSigner(const p11csr::KeySpec& kind)
      : key_(generate(kind)), algorithm_(p11csr::choose_signature_algorithm(kind, std::nullopt, std::nullopt)) {
    if (key_ == nullptr) throw std::runtime_error("cannot generate a key");
    unsigned char* der = nullptr;
    const int length = i2d_PUBKEY(key_.get(), &der);
    if (length <= 0) throw std::runtime_error("cannot encode a key");
    public_key_.assign(der, der + length);
    OPENSSL_free(der);
  }

  [[nodiscard]] Bytes subject_public_key_info() const override { return public_key_; }
  [[nodiscard]] p11csr::SignatureAlgorithm algorithm() const override { return algorithm_; }
  [[nodiscard]] Bytes sign(ByteView to_be_signed) override {
    if (!std::equal(to_be_signed.begin(), to_be_signed.end(), signed_.begin(), signed_.end())) {
      signature_ = fresh_signature(to_be_signed);
      signed_.assign(to_be_signed.begin(), to_be_signed.end());
    }
    return signature_;
  }

 private:
  [[nodiscard]] Bytes fresh_signature(ByteView to_be_signed) const {
    const DigestContext context(EVP_MD_CTX_new());
    std::size_t length = static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
    Bytes signature(length);
    if (EVP_DigestSignInit(context.get(), nullptr, digest(), nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &length, to_be_signed.data(), to_be_signed.size()) != 1) {
      throw std::runtime_error("cannot sign");
    }
    signature.resize(length);
    return signature;
  }

  [[nodiscard]] const EVP_MD* digest() const {
    const std::string name(p11csr::signature_name(algorithm_));
    if (name.ends_with("SHA384")) return EVP_sha384();
    if (name.ends_with("SHA512")) return EVP_sha512();
    return name == "ED25519" ? nullptr : EVP_sha256();
  }

  Key key_;
  p11csr::SignatureAlgorithm algorithm_;
  Bytes public_key_;
  Bytes signed_;
  Bytes signature_;
};

/// web_server asks for what most requests ask for.
p11csr::RequestSpec web_server() {
  p11csr::ExtensionRequest extensions;
  extensions.subject_alt_names = {p11csr::parse_general_name("dns:web-01.example"),
                                  p11csr::parse_general_name("dns:www.example"),
                                  p11csr::parse_general_name("ip:192.0.2.1")};
  extensions.key_usage = p11csr::KeyUsage::parse("digitalSignature");
  extensions.extended_key_usage = p11csr::ExtendedKeyUsage::parse("serverAuth");
  return {p11csr::Subject::parse("CN=web-01.example,O=Example,C=DE"), std::move(extensions)};
}

void encode_and_verify(benchmark::State& state, const std::string& key) {
  const p11csr::RequestSpec spec = web_server();
  SoftwareSigner signer(p11csr::parse_key_spec(key));
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(p11csr::x509::build(spec, signer));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void encode(benchmark::State& state) {
  const p11csr::RequestSpec spec = web_server();
  const Bytes key = SoftwareSigner(p11csr::parse_key_spec("ec:P-256")).subject_public_key_info();
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(p11csr::x509::certification_request_info(spec, key));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::RegisterBenchmark("encode", encode);
  for (const char* key : {"ec:P-256", "ec:P-384", "ec:P-521", "rsa:2048", "rsa:3072", "rsa:4096", "ed25519"}) {
    benchmark::RegisterBenchmark((std::string("encode+verify/") + key).c_str(), encode_and_verify, std::string(key));
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
