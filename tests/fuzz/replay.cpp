#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr int kMutations = 2000;

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files{std::filesystem::directory_iterator(folder), {}};
  std::sort(files.begin(), files.end());
  return files;
}

Bytes content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Mutator changes octets the same way in every run: std::mt19937 and what is done with it here are fixed by the
/// standard, its distributions are not.
class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : random_(seed) {}

  Bytes mutated(Bytes bytes) {
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(bytes);
    return bytes;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  std::uint8_t octet() {
    constexpr std::uint8_t telling[] = {0x00, 0xff, 0x80, 0x7f, 0x30, 0x31, 0x0c, ',',
                                        '=',  '+',  '\\', '"',  '/',  ':',  '%'};
    return random_() % 2 == 0 ? telling[below(std::size(telling))] : static_cast<std::uint8_t>(random_());
  }

  void change(Bytes& bytes) {
    const std::size_t at = below(bytes.size() + 1);
    const auto position = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    if (at == bytes.size()) {
      bytes.push_back(octet());
      return;
    }
    const auto end = position + static_cast<std::ptrdiff_t>(1 + below(std::min<std::size_t>(bytes.size() - at, 16)));
    switch (below(6)) {
      case 0:
        bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1U << below(8)));
        break;
      case 1:
        bytes[at] = octet();
        break;
      case 2:
        bytes.insert(position, octet());
        break;
      case 3:
        bytes.erase(position, end);
        break;
      case 4: {
        const Bytes piece(position, end);
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size())), piece.begin(), piece.end());
        break;
      }
      default:
        bytes.resize(at);
    }
  }

  std::mt19937 random_;
};

void replay(const Bytes& bytes) {
  // A copy of exactly this size: whoever reads behind it is seen by AddressSanitizer.
  const Bytes input(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

void replay_mutations(const Bytes& seed, std::uint32_t& inputs, bool tell) {
  for (int i = 0; i < kMutations; ++i) {
    const Bytes bytes = Mutator(++inputs).mutated(seed);
    if (tell) {
      std::cout << i << ':' << std::hex;
      for (const std::uint8_t value : bytes) std::cout << ' ' << int{value};
      std::cout << std::dec << std::endl;
    }
    replay(bytes);
  }
}

}  // namespace

// Runs the target on each file of the first folder and on mutations of it, and on each file of further folders, which
// fuzzers found, as it stands. With -v each mutation is told before it is tried.
int main(int argc, char** argv) {
  std::vector<std::string> folders(argv + 1, argv + argc);
  const bool tell = std::erase(folders, "-v") > 0;
  if (folders.empty()) {
    std::cerr << "usage: " << argv[0] << " [-v] CORPUS [FOUND...]\n";
    return EXIT_FAILURE;
  }
  std::uint32_t inputs = 0;
  for (const auto& path : files_in(folders.front())) {
    std::cout << path.string() << std::endl;
    const Bytes seed = content(path);
    replay(seed);
    replay_mutations(seed, inputs, tell);
  }
  for (auto folder = folders.begin() + 1; folder != folders.end(); ++folder)
    for (const auto& path : files_in(*folder)) {
      std::cout << path.string() << std::endl;
      replay(content(path));
    }
  if (inputs == 0) std::cerr << "no file in " << folders.front() << '\n';
  return inputs == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
