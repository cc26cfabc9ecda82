#include "batch/followed.hpp"

#include <filesystem>
#include <system_error>

namespace p11csr::batch {

std::string followed(const std::string& path) {
  constexpr int most_links = 40;
  std::filesystem::path file = path;
  std::error_code none;
  for (int links = 0; links < most_links && std::filesystem::is_symlink(file, none); ++links)
    file = file.parent_path() / std::filesystem::read_symlink(file, none);
  const auto folder = file.parent_path().empty() ? std::filesystem::path(".") : file.parent_path();
  return (std::filesystem::weakly_canonical(folder, none) / file.filename()).string();
}

}  // namespace p11csr::batch
