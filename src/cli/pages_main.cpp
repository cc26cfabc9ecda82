#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <p11csr/model/error.hpp>

#include "cli/man_page.hpp"

namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw p11csr::Error(p11csr::Errc::file_failed, "cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_pages(const std::string& prose, const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);  // a command that is gone has no page any more
  for (const p11csr::cli::ManPage& page : p11csr::cli::man_pages(p11csr::cli::parse_prose(content_of(prose)))) {
    const auto section = folder / ("man" + page.file.substr(page.file.rfind('.') + 1));
    std::filesystem::create_directories(section);
    std::ofstream file(section / page.file, std::ios::binary);
    file << page.text;
    if (!file.flush()) throw p11csr::Error(p11csr::Errc::file_failed, "cannot write " + page.file);
  }
}

}  // namespace

// p11csr_pages PROSE FOLDER writes the man pages; it runs while p11csr is built.
int main(int argc, char** argv) {
  try {
    if (argc != 3) throw p11csr::Error(p11csr::Errc::usage, "usage: p11csr_pages PROSE FOLDER");
    write_pages(argv[1], argv[2]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "p11csr_pages: " << error.what() << '\n';
    return 1;
  }
}
