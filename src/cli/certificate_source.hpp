#pragma once

#include <string>

#include <p11csr/pkcs11/call_monitor.hpp>
#include <p11csr/workflow/enroll.hpp>

namespace p11csr::cli {

/// certificate_from_command starts a shell command for each request, which reads the request (PEM) on its standard
/// input and answers the certificate on its standard output. One that fails, or answers anything else, is an
/// Error(file_failed); a certificate for another key is an Error(verification_failed), here and below.
[[nodiscard]] workflow::CertificateSource certificate_from_command(std::string command, CallMonitor& monitor);

/// certificate_from_folder waits for the file LABEL.pem, .crt, .cer, .der or .p7b in a folder, until it is whole.
[[nodiscard]] workflow::CertificateSource certificate_from_folder(std::string folder, CallMonitor& monitor);

}  // namespace p11csr::cli
