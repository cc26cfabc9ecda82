#include "cli/certificate_source.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <optional>
#include <poll.h>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/certificate.hpp>

#include "cli/child.hpp"
#include "cli/descriptor.hpp"
#include "cli/document_input.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using workflow::CardRecord;
using Called = std::function<bool()>;

constexpr int kTickMilliseconds = 200;

// The certificate and its chain as PEM, whatever form they came in. `from` begins the error for those of other keys.
std::string certificates_pem(ByteView input, const CardRecord& record, const std::string& from) {
  std::string pem;
  bool is_for_key = false;
  for (const auto& certificate : x509::read_certificates(input)) {
    pem += x509::certificate_pem(certificate.der);
    is_for_key = is_for_key || crypto::PublicKey::from_certificate(certificate.der).spki_sha256() == record.spki_sha256;
  }
  if (is_for_key) return pem;
  throw Error(Errc::verification_failed,
              fmt::format("{} is no certificate for the key of '{}' (SPKI SHA-256 {})", from, record.key_label,
                          record.spki_sha256),
              "the card waits for the one that was issued for its request");
}

// The request as a file that has no name: a pipe could fill up before the command has read it.
int request_input(const std::string& pem) {
  const int fd = memfd_create("request", MFD_CLOEXEC);
  if (fd < 0 || !write_all(fd, pem) || lseek(fd, 0, SEEK_SET) != 0)
    throw Error(Errc::unexpected, "the request cannot be handed to the CA's command");
  return fd;
}

/// read_answer gives what the command writes until it ends; nothing where somebody called meanwhile.
std::optional<Bytes> read_answer(int fd, const Called& called, CallMonitor& monitor) {
  Bytes answer;
  std::array<std::uint8_t, 4096> piece{};
  while (answer.size() <= longest_input) {
    pollfd output{fd, POLLIN, 0};
    const int ready = poll(&output, 1, kTickMilliseconds);
    monitor.stop_if_asked();
    if (called()) return std::nullopt;
    if (ready <= 0) continue;
    const ssize_t count = read(fd, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return answer;
    answer.insert(answer.end(), piece.begin(), piece.begin() + count);
  }
  throw Error(Errc::file_failed, "the CA's command answers more than any certificate can be");
}

std::optional<std::string> ask_command(const std::string& command, const CardRecord& record, const Called& called,
                                       CallMonitor& monitor) {
  const Descriptor input(request_input(record.request));
  Child child = Child::reading_from({"/bin/sh", "-c", command}, input.get());
  std::optional<Bytes> answer;
  try {
    answer = read_answer(child.output(), called, monitor);
  } catch (const Error&) {
    kill(child.pid(), SIGTERM);
    throw;
  }
  if (!answer) {
    kill(child.pid(), SIGTERM);
    return std::nullopt;
  }
  if (const int status = child.wait(); status != 0)
    throw Error(Errc::file_failed, fmt::format("the CA's command failed with exit code {}", status),
                "run it by itself with the request on its standard input, and see what it says");
  try {
    return certificates_pem(*answer, record, "what the CA's command answered");
  } catch (const Error& error) {
    if (error.code() == Errc::verification_failed) throw;
    throw Error(Errc::file_failed, fmt::format("the CA's command answered no certificate: {}", error.what()),
                "it is to write the certificate, PEM or DER, on its standard output and nothing else");
  }
}

// A file that is still being written is none yet.
std::optional<std::string> look_for(const std::string& folder, const CardRecord& record) {
  for (const char* suffix : {".pem", ".crt", ".cer", ".der", ".p7b"}) {
    const std::string path = fmt::format("{}/{}{}", folder, record.key_label, suffix);
    if (access(path.c_str(), F_OK) != 0) continue;
    try {
      return certificates_pem(read_file(path, longest_input), record, model::in_quotes(path));
    } catch (const Error& error) {
      if (error.code() != Errc::malformed_input) throw;
    }
  }
  return std::nullopt;
}

}  // namespace

workflow::CertificateSource certificate_from_command(std::string command, CallMonitor& monitor) {
  return [command = std::move(command), &monitor](const CardRecord& record, const Called& called) {
    return ask_command(command, record, called, monitor);
  };
}

workflow::CertificateSource certificate_from_folder(std::string folder, CallMonitor& monitor) {
  return [folder = std::move(folder), &monitor](const CardRecord& record,
                                                const Called& called) -> std::optional<std::string> {
    while (true) {
      if (auto found = look_for(folder, record)) return found;
      monitor.stop_if_asked();
      if (called()) return std::nullopt;
      std::this_thread::sleep_for(std::chrono::milliseconds(kTickMilliseconds));
    }
  };
}

}  // namespace p11csr::cli
