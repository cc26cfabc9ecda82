#include "cli/tar_text.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <numeric>

namespace p11csr::cli {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kLongestName = 100;

std::string padded(std::string_view content) {
  std::string text(content);
  text.resize((text.size() + kBlock - 1) / kBlock * kBlock, '\0');
  return text;
}

// The fields of a header lie where POSIX.1-1988, 10.1.1 puts them; its checksum counts eight blanks for itself.
std::string header(const std::string& name, std::size_t size, std::int64_t time, char kind) {
  std::string block(kBlock, '\0');
  const auto put = [&block](std::size_t offset, std::string_view text) {
    std::copy(text.begin(), text.end(), block.begin() + static_cast<std::ptrdiff_t>(offset));
  };
  put(0, std::string_view(name).substr(0, kLongestName));
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", size));
  put(136, fmt::format("{:011o}", std::max<std::int64_t>(time, 0)));
  put(148, "        ");
  block[156] = kind;
  put(257, "ustar");
  put(263, "00");
  const unsigned sum = std::accumulate(block.begin(), block.end(), 0U,
                                       [](unsigned total, char c) { return total + static_cast<unsigned char>(c); });
  put(148, fmt::format("{:06o}", sum));
  block[154] = '\0';
  return block;
}

// "30 path=…\n", whose number counts itself.
std::string pax_record(const std::string& name) {
  const std::string rest = " path=" + name + "\n";
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) length = std::to_string(length).size() + rest.size();
  return std::to_string(length) + rest;
}

}  // namespace

std::string tar_entry(const std::string& name, std::string_view content, std::int64_t time) {
  constexpr char file = '0';
  constexpr char extended = 'x';
  std::string text;
  if (name.size() > kLongestName) {
    const std::string record = pax_record(name);
    text = header("pax", record.size(), time, extended) + padded(record);
  }
  return text + header(name, content.size(), time, file) + padded(content);
}

std::string tar_end() { return std::string(2 * kBlock, '\0'); }

}  // namespace p11csr::cli
