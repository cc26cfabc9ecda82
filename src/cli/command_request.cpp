#include "cli/command_request.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>
#include <functional>
#include <memory>

#include <p11csr/model/error.hpp>
#include <p11csr/model/piv_slot.hpp>
#include <p11csr/workflow/create_request.hpp>

#include "cli/form.hpp"
#include "cli/key_place.hpp"
#include "cli/lint_report.hpp"
#include "cli/output_file.hpp"
#include "cli/plan_report.hpp"
#include "cli/request_content.hpp"
#include "cli/request_options.hpp"
#include "cli/request_report.hpp"
#include "cli/self_verification.hpp"
#include "cli/token_options.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::printable;

/// RequestFlags are the flags of `p11csr request` as they were typed.
struct RequestFlags {
  TokenOptions token;
  ContentFlags content;  // --generate, --label, --digest and --padding are among them: a profile has a say
  std::string key;
  KeyPlace place;
  std::string confirm;
  std::string out;
  std::string form = "pem";
  bool force = false;
  bool dry_run = false;
  bool allow_extractable = false;
  bool no_self_verify = false;
};

void declare_key_flags(Options& options, RequestFlags& flags) {
  options.text("--generate", flags.content.requested.key, "SPEC",
               "make a new key: rsa:3072, ec:P-256, ec:P-384, ed25519, ml-dsa-65, …");
  options.text("--key", flags.key, "KEY", "use this key instead: a label, id:HEX or an RFC 7512 URI");
  options.text("--label", flags.content.requested.label, "TEXT",
               "the new key's label (default: the subject's CN or the first name)");
  declare_key_place(options, flags.place, Rarity::rare);
  options.flag("--allow-extractable", flags.allow_extractable,
               "sign although the key is not bound to the hardware (recorded)", Rarity::rare);
  declare_self_verification(options, flags.no_self_verify);
}

void declare_output_flags(Options& options, RequestFlags& flags) {
  options.text("--digest", flags.content.requested.digest, "NAME", "sha256, sha384 or sha512 (default: by the key)",
               Rarity::rare);
  options.text("--padding", flags.content.requested.padding, "NAME", "pkcs1 (default) or pss, for RSA", Rarity::rare);
  options.text("--confirm", flags.confirm, "SHA256", "sign only the content of this SHA-256 (from --dry-run)",
               Rarity::rare);
  options.text("--out", flags.out, "FILE", "write the request there, not to standard output");
  options.text("--form", flags.form, "pem|der", "pem (default) or der", Rarity::rare);
  options.flag("--force", flags.force, "replace the file of --out", Rarity::rare);
  options.flag("--dry-run", flags.dry_run, "show what would be asked of which token; no login, no change");
}

// What --key says, or --piv-slot alone: the key in that slot.
workflow::UseKey existing_key(const RequestFlags& flags) {
  const auto& requested = flags.content.requested;
  const auto& place = flags.place;
  if (requested.key)
    throw Error(Errc::usage, "--generate and --key exclude each other",
                "make a new key with --generate ec:P-256, or use one with --key LABEL");
  if (requested.label || !place.id.empty() || !place.if_exists.empty() || place.replace || place.yes ||
      !place.so_pin_source.empty())
    throw Error(Errc::usage, "--label, --id, --if-exists, --replace-key and --so-pin-source are for --generate",
                "--key or --piv-slot alone says which key");
  if (place.piv_slot.empty()) return {flags.key};
  if (!flags.key.empty())
    throw Error(Errc::usage, "--key and --piv-slot exclude each other", "leave away the one that you do not mean");
  return {"id:" + to_hex(id_of_piv_slot(place.piv_slot))};
}

bool uses_existing_key(const RequestFlags& flags) {
  return !flags.key.empty() || (!flags.place.piv_slot.empty() && !flags.content.requested.key);
}

workflow::GenerateKey new_key(const RequestFlags& flags, const RequestContent& content, CallWatch& watch,
                              Streams& streams) {
  const auto& kind = content.settings.key;
  if (!kind)
    throw Error(Errc::usage, "neither --generate nor --key was given",
                "make a new key with --generate ec:P-256, or use one with --key LABEL");
  return new_key_choice(kind->value, label_of(content), flags.place, flags.token, watch, streams);
}

workflow::RequestOptions request_options(const RequestFlags& flags, const RequestContent& content, CallWatch& watch,
                                         Streams& streams) {
  workflow::RequestOptions options = uses_existing_key(flags)
                                         ? options_for(content, existing_key(flags))
                                         : options_for(content, new_key(flags, content, watch, streams));
  options.token = token_choice(flags.token);
  options.pin = pin_choice(flags.token);
  options.allow_extractable = flags.allow_extractable;
  options.self_verification = self_verification(flags.no_self_verify);
  if (!flags.confirm.empty()) options.confirm = flags.confirm;
  // What cannot fit together is known before any token is.
  if (const auto* wanted = std::get_if<workflow::GenerateKey>(&options.key))
    static_cast<void>(workflow::signature_algorithm(options, wanted->kind));
  return options;
}

// Words for people; what a script needs is on stdout.
void tell(const workflow::RequestReport& result, const RequestFlags& flags, Streams& streams) {
  std::ostream& err = streams.err;
  err << lint_text(result.lint, "p11csr: ");
  fmt::print(err, "p11csr: {} {} key {}\n", result.key.generated ? "generated" : "used", result.key.algorithm,
             printable(result.key.uri));
  tell_replaced(result.key, streams);
  if (result.key.findings.empty())
    fmt::print(err, "p11csr: the key is bound to the token: {}\n",
               "never extractable, always sensitive, as read back from the token");
  fmt::print(err, "p11csr: the request's signature ({}) {}{}\n", signature_name(result.signature_algorithm),
             result.request.verified() ? "verifies" : "was not verified: OpenSSL here does not have it",
             flags.out.empty() ? "" : fmt::format("; written to {}", printable(flags.out)));
}

// The key was made and is worth keeping: the same command can go on with it.
Error key_is_kept(const Error& error, const workflow::RequestReport& result) {
  return {Errc::file_failed, fmt::format("{}; the new key is kept on the token", error.what()),
          fmt::format("run the same command with --key {} instead of --generate", model::shell_word(result.key.uri)),
          error.call()};
}

void deliver(const workflow::RequestReport& result, const RequestFlags& flags, std::optional<OutputFile>& file,
             Streams& streams) {
  const Bytes& bytes = result.request.der();
  const std::string content = wants_der(flags.form) ? std::string(as_text(bytes)) : result.request.pem();
  if (file) {
    file->publish(content);
    return;
  }
  streams.out << (flags.token.json ? to_text(request_json(result, flags.out)) : content);
  if (!flush_data(streams) && result.key.generated)
    throw Error(Errc::file_failed, "standard output went away before the request was written");
}

void print_json_beside_file(const workflow::RequestReport& result, const std::string& path, Streams& streams) {
  streams.out << to_text(request_json(result, path));
  try {
    static_cast<void>(flush_data(streams));
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{}; the request is complete in '{}'", error.what(), path),
                fmt::format("p11csr inspect --json {} shows what is in it", model::shell_word(path)));
  }
}

// What an error of lint would refuse is shown whole, then refused.
void show_plan(const RequestFlags& flags, const RequestContent& content, workflow::RequestOptions options,
               const workflow::Surroundings& world, Streams& streams) {
  PlanReport report{{}, content.spec, token_values(flags.token, options.token), flags.out};
  report.plan = workflow::plan_request(std::move(options), world);
  for (profile::ShownValue& value : content_values(content, flags.content, report.plan.signature_algorithm))
    report.values.push_back(std::move(value));
  streams.out << (flags.token.json ? to_text(plan_json(report)) : plan_text(report));
  workflow::require_no_error(report.plan.lint, {});
}

int run(const RequestFlags& flags, Streams& streams) {
  static_cast<void>(wants_der(flags.form));
  CallWatch watch(watch_settings(flags.token, !uses_existing_key(flags)), streams.err);
  const auto world = surroundings(watch, streams);
  const RequestContent content = request_content(flags.content, world.say);
  workflow::RequestOptions options = request_options(flags, content, watch, streams);
  std::optional<OutputFile> file;
  if (!flags.out.empty())
    file.emplace(OutputFile::prepare(flags.out, flags.force ? Overwrite::yes : Overwrite::no, 0644));
  if (flags.dry_run) {
    show_plan(flags, content, std::move(options), world, streams);
    return 0;
  }
  const auto result = workflow::create_request(std::move(options), world);
  try {
    deliver(result, flags, file, streams);
  } catch (const Error& error) {
    throw result.key.generated ? key_is_kept(error, result) : error;
  }
  if (file && flags.token.json) print_json_beside_file(result, flags.out, streams);
  tell(result, flags, streams);
  return 0;
}

std::function<int(Streams&)> declare(Options& options) {
  const auto flags = std::make_shared<RequestFlags>();
  declare_key_flags(options, *flags);
  declare_content_flags(options, flags->content);
  declare_output_flags(options, *flags);
  declare_token_options(options, flags->token);
  declare_pin_options(options, flags->token);
  return [flags](Streams& streams) { return run(*flags, streams); };
}

}  // namespace

Command request_command() {
  return {"request",
          "generate (or use) a key on the token and sign a request with it",
          {"p11csr request --generate ec:P-256 --subject CN=web-01.example,O=Example,C=DE --san dns:web-01.example "
           "--out web-01.csr",
           "p11csr request --key web-01 --subject CN=web-01.example --dry-run",
           "p11csr request --from web-01.pem --generate ec:P-256 --label web-01-2027 --out web-01.csr",
           "p11csr request --token 'pkcs11:token=hsm;serial=0123' --key id:01ab --subject '' --san "
           "uri:urn:uuid:3f2c --out device.csr"},
          declare,
          {}};
}

}  // namespace p11csr::cli
