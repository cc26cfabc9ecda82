#include "cli/content_flags.hpp"

namespace p11csr::cli {
namespace {

void declare_names(Options& options, ContentFlags& flags, Rarity rarity) {
  auto& requested = flags.requested;
  options.text_or_empty("--subject", requested.subject, "DN",
                        "RFC 4514 (CN=web-01,O=Example,C=DE) or /C=DE/O=Example/CN=web-01", rarity);
  options.list("--san", requested.san, "KIND:VALUE",
               "a name: dns: ip: email: uri: upn: dirname: rid: othername: (repeatable)", rarity);
  options.text("--from", flags.from, "FILE", "take subject, names and extensions of this certificate or request",
               rarity);
}

void declare_extensions(Options& options, ContentFlags& flags) {
  auto& requested = flags.requested;
  options.text("--key-usage", requested.key_usage, "LIST", "digitalSignature,keyEncipherment,…", Rarity::rare);
  options.text("--extended-key-usage", requested.extended_key_usage, "LIST", "serverAuth,clientAuth,… or OIDs",
               Rarity::rare);
  options.text("--basic-constraints", requested.basic_constraints, "TEXT", "ca[,pathlen=N]", Rarity::rare);
  options.list("--extension", requested.extensions, "EXTENSION", "OID[,critical]=hex:DER or =asn1:TEXT (repeatable)",
               Rarity::rare);
  options.list("--policy", requested.policies, "OID[,cps=URI]", "a certificate policy (repeatable)", Rarity::rare);
  options.text("--tls-feature", requested.tls_feature, "LIST", "status_request: staple OCSP or fail (RFC 7633)",
               Rarity::rare);
  options.text("--ms-template", requested.ms_template, "NAME|OID[:MAJOR[:MINOR]]",
               "the template that a Windows CA is to use", Rarity::rare);
  options.text("--sid", requested.sid, "SID", "the Windows account's security identifier, S-1-5-21-…", Rarity::rare);
  options.text("--sid-form", flags.sid_form, "extension|uri", "the SID as an extension (default) or as a name",
               Rarity::rare);
}

}  // namespace

void declare_content_flags(Options& options, ContentFlags& flags, Rarity names) {
  options.text_or_empty("--profile", flags.profile, "NAME|FILE",
                        "what this kind of request holds (see: p11csr profile list)");
  options.list("--set", flags.set, "NAME=VALUE", "fill a field of the profile (repeatable)");
  declare_names(options, flags, names);
  declare_extensions(options, flags);
  options.text("--openssl-config", flags.openssl_config, "FILE[:SECTION]",
               "take what openssl req would of this configuration", Rarity::rare);
  options.text("--unstructured-name", flags.unstructured_name, "TEXT", "the attribute of RFC 2985", Rarity::rare);
  options.text("--challenge-password-source", flags.challenge_password_source, "SOURCE",
               "where the challenge password is, as with --pin-source; everybody can read it in the request",
               Rarity::rare);
  options.list("--rules", flags.requested.lint_rules, "SET",
               "judge the request by these rules too (see: p11csr lint -h)", Rarity::rare);
  options.list("--ignore", flags.requested.lint_ignored, "ID", "leave a rule out (repeatable)", Rarity::rare);
}

}  // namespace p11csr::cli
