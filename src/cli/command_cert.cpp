#include "cli/command_cert.hpp"

#include <fmt/ostream.h>
#include <iterator>
#include <memory>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/certificates.hpp>

#include "cli/certificate_report.hpp"
#include "cli/document_input.hpp"
#include "cli/form.hpp"
#include "cli/key_place.hpp"
#include "cli/output_file.hpp"
#include "cli/request_report.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/token_options.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::printable;

/// CertFlags are the flags of the cert commands as they were typed.
struct CertFlags {
  TokenOptions token;
  std::string file;  // or the certificate that is meant
  std::string chain;
  std::string request;
  std::optional<std::string> label;
  std::string out;
  std::string form;
  std::string so_pin_source;
  bool replace = false;
  bool unproved = false;
  bool allow_extractable = false;
  bool force = false;
  bool yes = false;
};

x509::CertificatePath path_from_files(const CertFlags& flags, Streams& streams) {
  auto certificates = x509::read_certificates(read_document(flags.file, streams.in, longest_input));
  if (!flags.chain.empty()) {
    auto chain = x509::read_certificates(read_document(flags.chain, streams.in, longest_input));
    std::move(chain.begin(), chain.end(), std::back_inserter(certificates));
  }
  return x509::order_path(std::move(certificates));
}

int run_install(const CertFlags& flags, Streams& streams) {
  if (flags.file.empty())
    throw Error(Errc::usage, "the certificate's file is missing", "p11csr cert install web-01.pem");
  workflow::InstallOptions options{.token = token_choice(flags.token),
                                   .pin = pin_choice(flags.token),
                                   .path = path_from_files(flags, streams),
                                   .label = flags.label,
                                   .request = std::nullopt,
                                   .replace = flags.replace,
                                   .prove = !flags.unproved,
                                   .allow_extractable = flags.allow_extractable};
  options.officer = officer_choice(flags.so_pin_source, flags.token);
  if (!flags.request.empty()) options.request = read_document(flags.request, streams.in, longest_input);
  for (const auto& unrelated : options.path.unrelated)
    fmt::print(streams.err, "p11csr: left out: '{}' issued none of the certificates\n",
               printable(unrelated.common_name));
  CallWatch watch(watch_settings(flags.token, false), streams.err);
  const auto report = workflow::install_certificate(options, surroundings(watch, streams));
  if (flags.token.json)
    streams.out << to_text(install_json(report));
  else
    streams.err << install_text(report);
  return 0;
}

int run_list(const CertFlags& flags, Streams& streams) {
  CallWatch watch(watch_settings(flags.token, false), streams.err);
  const auto choice = token_choice(flags.token);
  const auto listing = workflow::list_certificates(
      choice, pin_choice(flags.token), pin_was_asked_for(flags.token, choice), surroundings(watch, streams));
  if (flags.token.json) {
    Json json{{"token", token_json(listing.token)}, {"logged_in", listing.logged_in}};
    json["certificates"] = Json::array();
    for (const auto& certificate : listing.certificates) json["certificates"].push_back(certificate_json(certificate));
    streams.out << to_text(json);
    return 0;
  }
  Table table({"LABEL", "ID", "KEY", "SUBJECT", "NOT AFTER", "URI"});
  for (const auto& certificate : listing.certificates) {
    const auto& document = certificate.document;
    const char* unseen = listing.logged_in ? "none" : "not seen";
    table.add({certificate.label, certificate.id, certificate.key_seen ? "there" : unseen,
               document ? document->subject : certificate.problem, document ? document->not_after : "",
               certificate.uri});
  }
  streams.out << table.text();
  return 0;
}

int run_export(const CertFlags& flags, Streams& streams) {
  const bool der_wanted = wants_der(flags.form);
  std::optional<OutputFile> file;
  constexpr mode_t for_everybody = 0644;
  if (!flags.out.empty())
    file.emplace(OutputFile::prepare(flags.out, flags.force ? Overwrite::yes : Overwrite::no, for_everybody));
  CallWatch watch(watch_settings(flags.token, false), streams.err);
  const auto choice = token_choice(flags.token);
  const auto certificate =
      workflow::find_certificate(choice, pin_choice(flags.token), pin_was_asked_for(flags.token, choice), flags.file,
                                 surroundings(watch, streams));
  const Bytes& der = certificate.document->der;
  const std::string text = der_wanted ? std::string(as_text(der)) : x509::certificate_pem(der);
  if (file)
    file->publish(text);
  else
    streams.out << text;
  return 0;
}

int run_delete(const CertFlags& flags, Streams& streams) {
  CallWatch watch(watch_settings(flags.token, false), streams.err);
  const auto confirm = [&](const std::string& uri) {
    if (flags.yes) return true;
    fmt::print(streams.err, "{}\n", printable(uri));
    const CallWatch::Pause pause(watch);
    return asks_yes("delete this for ever?", "say --yes to delete without being asked");
  };
  const auto uri = workflow::delete_certificate(token_choice(flags.token), pin_choice(flags.token),
                                                officer_choice(flags.so_pin_source, flags.token), flags.file, confirm,
                                                surroundings(watch, streams));
  if (flags.token.json)
    streams.out << to_text(Json{{"deleted", Json::array({uri})}});
  else
    fmt::print(streams.err, "p11csr: deleted {}\n", printable(uri));
  return 0;
}

std::shared_ptr<CertFlags> common_flags(Options& options) {
  auto flags = std::make_shared<CertFlags>();
  declare_token_options(options, flags->token);
  declare_pin_options(options, flags->token);
  return flags;
}

std::function<int(Streams&)> declare_install(Options& options) {
  const auto flags = common_flags(options);
  options.operand("FILE", "", flags->file, "the certificate, or with its chain: PEM, DER or PKCS #7; - for stdin");
  options.text("--chain", flags->chain, "FILE", "certificates of its issuers, to be stored too");
  options.text("--csr", flags->request, "FILE", "the request: say what the CA changed against it");
  options.text("--label", flags->label, "TEXT", "the certificate's label (default: the key's)");
  options.flag("--replace", flags->replace, "remove older certificates of the key");
  options.text("--so-pin-source", flags->so_pin_source, "SOURCE",
               "store it as the security officer: the SO PIN, a PIV card's management key", Rarity::rare);
  options.flag("--no-proof", flags->unproved, "do not have the key sign a challenge", Rarity::rare);
  options.flag("--allow-extractable", flags->allow_extractable, "let a key that is not bound to the hardware sign it",
               Rarity::rare);
  return [flags](Streams& streams) { return run_install(*flags, streams); };
}

std::function<int(Streams&)> declare_list(Options& options) {
  const auto flags = common_flags(options);
  return [flags](Streams& streams) { return run_list(*flags, streams); };
}

void declare_certificate(Options& options, CertFlags& flags) {
  options.operand("CERTIFICATE", "--certificate", flags.file, "a label, id:HEX or an RFC 7512 URI");
}

void require_certificate(const CertFlags& flags) {
  if (flags.file.empty())
    throw Error(Errc::usage, "the certificate is missing", "p11csr cert list shows the certificates");
}

std::function<int(Streams&)> declare_export(Options& options) {
  const auto flags = common_flags(options);
  declare_certificate(options, *flags);
  options.text("--out", flags->out, "FILE", "write it to a new file (default: stdout)");
  options.text("--form", flags->form, "pem|der", "pem (default) or der");
  options.flag("--force", flags->force, "replace the file of --out", Rarity::rare);
  return [flags](Streams& streams) {
    require_certificate(*flags);
    return run_export(*flags, streams);
  };
}

std::function<int(Streams&)> declare_delete(Options& options) {
  const auto flags = common_flags(options);
  declare_certificate(options, *flags);
  options.flag("--yes", flags->yes, "do not ask");
  options.text("--so-pin-source", flags->so_pin_source, "SOURCE",
               "delete as the security officer: the SO PIN, a PIV card's management key");
  return [flags](Streams& streams) {
    require_certificate(*flags);
    return run_delete(*flags, streams);
  };
}

}  // namespace

Command cert_command() {
  return {"cert",
          "put certificates beside their keys on a token",
          {"p11csr cert install web-01.pem", "p11csr cert list --token my-hsm"},
          {},
          {{"install",
            "store a certificate beside its key, which proves itself first",
            {"p11csr cert install web-01.pem --csr web-01.csr",
             "p11csr cert install web-01.pem --chain issuers.pem --replace"},
            declare_install,
            {}},
           {"list",
            "list the certificates on a token",
            {"p11csr cert list", "p11csr cert list --token my-hsm --json"},
            declare_list,
            {}},
           {"export",
            "write a certificate as PEM or DER",
            {"p11csr cert export web-01 --out web-01.pem", "p11csr cert export id:01ab --form der --out web-01.der"},
            declare_export,
            {}},
           {"delete",
            "delete a certificate, after asking",
            {"p11csr cert delete web-01", "p11csr cert delete 'pkcs11:object=web-01;id=%01;type=cert' --yes"},
            declare_delete,
            {}}}};
}

}  // namespace p11csr::cli
