// Makes a P-256 key on the token LABEL of MODULE and prints a request that it has signed. The PIN is in $PIN.
#include <cstdlib>
#include <iostream>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/create_request.hpp>

int main(int argc, char** argv) try {
  using namespace p11csr;
  const char* pin = std::getenv("PIN");
  if (argc != 3 || pin == nullptr) return 2;
  workflow::RequestOptions options{.token = {.module = argv[1], .token = argv[2]},
                                   .key = workflow::GenerateKey{.kind = parse_key_spec("ec:P-256"), .label = "web-01"},
                                   .spec = {Subject::parse("CN=web-01.example,O=Example GmbH,C=DE"),
                                            {.subject_alt_names = {parse_general_name("dns:web-01.example")}}}};
  workflow::Surroundings surroundings{.read_pin = [&](const auto&...) { return Secret::from_text(pin); }};
  std::cout << workflow::create_request(std::move(options), surroundings).request.pem();
} catch (const p11csr::Error& error) {
  std::cerr << error.what() << '\n' << error.hint() << '\n';
  return 1;
}
