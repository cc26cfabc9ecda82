#include "cli/help_topics.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>

#include "cli/exit_code.hpp"
#include "cli/site.hpp"
#include "cli/table.hpp"
#include "cli/token_options.hpp"
#include "cli/wrapped.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

std::string exit_codes() {
  std::string text =
      "The exit code says what kind of thing went wrong; the words on stderr say what\n"
      "it was and what to try next. With --json the error is an object on stderr,\n"
      "{\"error\":{\"code\",\"exit\",\"message\",\"hint\",\"call\"}}, with one of these codes.\n\n";
  constexpr std::size_t indent = 5;
  for (const ExitMeaning& row : exit_meanings()) {
    text += fmt::format("{:>3}  ", row.code);
    std::string meaning(row.meaning);
    meaning.erase(std::remove(meaning.begin(), meaning.end(), '`'), meaning.end());
    add_wrapped(text, meaning, indent);
    std::vector<std::string_view> names;
    for (const Errc error : errors_with(row.code)) names.push_back(errc_name(error));
    if (names.empty()) continue;
    text += std::string(indent, ' ');
    add_wrapped(text, fmt::format("code: {}", fmt::join(names, ", ")), indent);
  }
  text +=
      "\np11csr sandbox -- COMMAND gives COMMAND's own exit code, 127 where it is not\n"
      "found and 126 where it cannot be started.\n";
  return text;
}

// Help is help even where config.toml is broken: then it says so.
std::string in_effect() {
  try {
    auto values = token_values({}, token_choice({}));
    if (const auto& profile = site_defaults().profile) values.push_back({"profile", profile->value, profile->origin});
    if (values.empty()) return "\nNeither a variable nor a config.toml says anything here and now.\n";
    Table table({"HERE AND NOW", "IS", "FROM"});
    for (const auto& value : values) table.add({value.key, value.value, value.origin.text()});
    return "\n" + table.text();
  } catch (const Error& error) {
    return fmt::format("\nHere and now they cannot be read: {}\n", error.what());
  }
}

std::string environment() {
  return "A flag goes before a variable, and a variable before config.toml. An empty\n"
         "variable counts as none. p11csr request --dry-run shows which one counted.\n"
         "\n"
         "P11CSR_MODULE      the PKCS #11 module's file, as --module; else the token's URI\n"
         "                   may name it, else every module registered with p11-kit\n"
         "P11CSR_TOKEN       the token's label or RFC 7512 URI, as --token; here, unlike on\n"
         "                   the command line, the URI may hold a pin-value\n"
         "P11CSR_PIN_SOURCE  where the PIN comes from, as --pin-source (p11csr help pin);\n"
         "                   never the PIN itself\n"
         "\n"
         "SHELL              what p11csr sandbox runs when it is given no command\n"
         "TMPDIR             where p11csr sandbox makes its folder; else /dev/shm, else /tmp\n"
         "P11CSR_COMPLETION_TIMEOUT\n"
         "                   how many milliseconds a completion waits for tokens; else 80\n"
         "CREDENTIALS_DIRECTORY\n"
         "                   where --pin-source credential:NAME finds NAME; systemd sets it\n"
         "\n"
         "A variable that held a PIN is overwritten and unset before any other program is\n"
         "started. p11csr sandbox sets the three P11CSR_ variables, P11CSR_SANDBOX (its\n"
         "folder, with the files pin and so-pin) and SOFTHSM2_CONF for its command. Modules\n"
         "have variables of their own, such as SOFTHSM2_CONF.\n"
         "\n"
         "config.toml gives a site's defaults: module, module_args, token, pin_source (no\n"
         "PIN), profile, and profile_folders, a list. ~/.config/p11csr/config.toml goes\n"
         "before /etc/p11csr/config.toml, and $XDG_CONFIG_HOME before ~/.config.\n";
}

std::string environment_here() {
  std::string text = "\n";
  for (const std::string& file : config_files())
    text += fmt::format("  {}{}\n", model::printable(file), access(file.c_str(), F_OK) == 0 ? "" : " (not there)");
  return text + in_effect();
}

std::string profiles() {
  return "A profile says what a kind of request holds: keys, names, usages, and the rules\n"
         "that it is judged by. p11csr profile list shows them, p11csr profile show NAME\n"
         "what one says and where each value comes from.\n"
         "\n"
         "--profile takes a name, or a file: text with a / or ending in .toml. A name is\n"
         "looked for in ~/.config/p11csr/profiles ($XDG_CONFIG_HOME goes before ~/.config),\n"
         "/etc/p11csr/profiles, the profile_folders of config.toml, and among the shipped\n"
         "ones. Fields in braces are filled by --set; no value can add a name.\n"
         "\n"
         "  # ~/.config/p11csr/profiles/web.toml\n"
         "  extends = \"tls-server\"\n"
         "  subject = \"CN={host},O=Example GmbH,C=DE\"\n"
         "\n"
         "  [key]\n"
         "  allowed = [\"ec:P-256\", \"ec:P-384\"]\n"
         "\n"
         "Flags give what the profile leaves open, and replace what it says only where it\n"
         "is overridable: anything else is exit code 6, before any login.\n"
         "\n"
         "Examples:\n"
         "  p11csr request --profile web --set host=www.example.org --out www.csr\n"
         "  p11csr profile show tls-server\n";
}

std::string pin() {
  return "A PIN goes to exactly one token, once. It is never an argument: there is no\n"
         "--pin. Say where it comes from, with --pin-source or P11CSR_PIN_SOURCE:\n"
         "\n"
         "  prompt           asked for at the terminal, without echo (the default)\n"
         "  env:NAME         an environment variable, wiped once it is read\n"
         "  file:PATH        a file; one line end at its end is not part of the PIN\n"
         "  fd:N             an open descriptor, such as fd:3 with 3<pin\n"
         "  command:CMD      what a shell command prints\n"
         "  credential:NAME  a systemd credential (LoadCredential=)\n"
         "\n"
         "A URI's pin-source works too. A URI's pin-value is taken from P11CSR_TOKEN, and\n"
         "refused on the command line, where every user of the machine can see it.\n"
         "\n"
         "A token with a PIN pad is asked with no PIN from here: type it on the pad. Its\n"
         "--pin-source is neither read nor sent.\n"
         "\n"
         "The token's counters are looked at before the attempt. A locked PIN is not sent.\n"
         "Where one more wrong PIN would lock the token, it is not sent either, unless\n"
         "--allow-final-try is given. A wrong PIN is exit code 4 and is not tried again.\n"
         "\n"
         "A new PIN comes from --new-pin-source, the security officer's from\n"
         "--so-pin-source. --generate-pin 6 makes one: see p11csr token init --help.\n"
         "Cards that generate only for the security officer need --so-pin-source beside\n"
         "--pin-source (a PIV card's management key): both are sent, and the one that was\n"
         "accepted before the key was made once more after it.\n"
         "\n"
         "Examples:\n"
         "  p11csr key list --pin-source env:PIN\n"
         "  p11csr key list --pin-source fd:3 3<pin\n"
         "  p11csr key list --pin-source 'command:pass show hsm/user-pin'\n";
}

std::string uri() {
  return "Tokens and keys can be named by PKCS #11 URIs (RFC 7512). p11csr token list and\n"
         "p11csr key list print them, ready to paste into --token and --key.\n"
         "\n"
         "  pkcs11:token=my-hsm;object=web-01;type=private\n"
         "\n"
         "The pieces stand between semicolons, in any order. All that are given must\n"
         "match, and exactly one token or key must be left.\n"
         "\n"
         "  the token    token (its label), manufacturer, model, serial\n"
         "  the slot     slot-id, slot-description, slot-manufacturer\n"
         "  the module   library-description, library-manufacturer, library-version\n"
         "  the object   object (its label), id, type (private, public or cert)\n"
         "  behind a ?   module-name, module-path, pin-source, pin-value; with & between\n"
         "\n"
         "Octets that are no letters or digits are written as %HH: a blank is %20, the ID\n"
         "0x01ab is id=%01%AB. In a shell, put a URI into single quotes. A piece that is\n"
         "misspelt, repeated or too long to match anything is exit code 2: it would\n"
         "otherwise be passed over, and the wrong key might be chosen.\n"
         "\n"
         "Examples:\n"
         "  p11csr token info --token 'pkcs11:token=my-hsm;serial=0123'\n"
         "  p11csr key show 'pkcs11:object=web-01;id=%01%AB'\n"
         "  p11csr token list --token 'pkcs11:?module-name=softhsm2'\n";
}

}  // namespace

const std::vector<HelpTopic>& help_topics() {
  static const std::vector<HelpTopic> topics{
      {"exit-codes", "what each exit code means", exit_codes},
      {"environment", "the environment variables that are read", environment, environment_here},
      {"pin", "where the PIN comes from, and how it is kept safe", pin},
      {"profiles", "what a kind of request holds, said once", profiles},
      {"uri", "naming tokens and keys by PKCS #11 URIs", uri},
  };
  return topics;
}

}  // namespace p11csr::cli
