// How many requests a second are read and judged, by type of key: what is to be signed as `request` judges it, and
// whole requests, whose signature is verified.
#include <benchmark/benchmark.h>
#include <memory>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <optional>
#include <stdexcept>
#include <string>

#include <p11csr/x509/lint.hpp>

namespace {

using p11csr::Bytes;
using p11csr::x509::LintInput;
using p11csr::x509::RuleSet;

template <auto Free>
struct Deleter {
  template <typename Object>
  void operator()(Object* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Request = std::unique_ptr<X509_REQ, Deleter<X509_REQ_free>>;

void add_name(X509_REQ* request, const char* type, const char* value) {
  X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request), type, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(value), -1, -1, 0);
}

void add_extensions(X509_REQ* request) {
  STACK_OF(X509_EXTENSION)* stack = sk_X509_EXTENSION_new_null();
  for (const auto& [nid, value] :
       {std::pair(NID_subject_alt_name, "DNS:www.example.com,DNS:*.example.org,IP:8.8.8.8"),
        std::pair(NID_key_usage, "critical,digitalSignature"), std::pair(NID_ext_key_usage, "serverAuth,clientAuth"),
        std::pair(NID_basic_constraints, "critical,CA:FALSE")}) {
    sk_X509_EXTENSION_push(stack, X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  }
  X509_REQ_add_extensions(request, stack);
  sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}

using Encode = int (*)(X509_REQ*, unsigned char**);
int encode_request(X509_REQ* request, unsigned char** out) { return i2d_X509_REQ(request, out); }

Bytes encoded(EVP_PKEY* key, Encode encode) {
  const Request request(X509_REQ_new());
  add_name(request.get(), "C", "DE");
  add_name(request.get(), "L", "Berlin");
  add_name(request.get(), "O", "Example GmbH");
  add_name(request.get(), "CN", "www.example.com");
  add_extensions(request.get());
  if (X509_REQ_set_pubkey(request.get(), key) != 1 || X509_REQ_sign(request.get(), key, EVP_sha256()) <= 0) {
    throw std::runtime_error("cannot sign");
  }
  unsigned char* der = nullptr;
  const int length = encode(request.get(), &der);
  if (length <= 0) throw std::runtime_error("cannot encode");
  Bytes result(der, der + length);
  OPENSSL_free(der);
  return result;
}

void judge(benchmark::State& state, EVP_PKEY* key, const std::vector<RuleSet>& sets) {
  const Bytes info = encoded(key, i2d_re_X509_REQ_tbs);
  for (auto _ : state) {
    benchmark::DoNotOptimize(p11csr::x509::lint(LintInput::of_info(info, std::nullopt), {sets, {}}));
  }
  state.SetItemsProcessed(state.iterations());
}

void judge_signed(benchmark::State& state, EVP_PKEY* key) {
  const Bytes request = encoded(key, encode_request);
  for (auto _ : state) {
    benchmark::DoNotOptimize(p11csr::x509::lint(LintInput::of_request(request), {{RuleSet::cabf_tls}, {}}));
  }
  state.SetItemsProcessed(state.iterations());
}

void ec_p256(benchmark::State& state) {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  judge(state, key.get(), {RuleSet::cabf_tls});
}
void ec_p384(benchmark::State& state) {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"));
  judge(state, key.get(), {RuleSet::cabf_tls});
}
void rsa(benchmark::State& state) {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(state.range(0))));
  judge(state, key.get(), {RuleSet::cabf_tls});
}
void rsa_all_sets(benchmark::State& state) {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
  judge(state, key.get(),
        {RuleSet::cabf_tls, RuleSet::cabf_codesign, RuleSet::smime, RuleSet::smartcard_logon, RuleSet::piv});
}

void signed_ec_p256(benchmark::State& state) {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  judge_signed(state, key.get());
}
void signed_rsa(benchmark::State& state) {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
  judge_signed(state, key.get());
}

}  // namespace

BENCHMARK(ec_p256);
BENCHMARK(ec_p384);
BENCHMARK(rsa)->Arg(2048)->Arg(3072)->Arg(4096);
BENCHMARK(rsa_all_sets);
BENCHMARK(signed_ec_p256);
BENCHMARK(signed_rsa);

BENCHMARK_MAIN();
