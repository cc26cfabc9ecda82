#include "cli/token_candidates.hpp"

#include <charconv>
#include <fmt/format.h>

#include <p11csr/workflow/keys.hpp>

#include "cli/environment.hpp"
#include "cli/lines_within.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

std::chrono::milliseconds limit() {
  constexpr unsigned usual = 80;
  const std::string text = environment_value("P11CSR_COMPLETION_TIMEOUT").value_or("");
  unsigned value = usual;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  return std::chrono::milliseconds(whole ? value : usual);
}

// A line end in a label would make two of it.
void answer(const LineWriter& write, const std::string& text, const std::string& description) {
  if (model::printable(text) == text) write(text + '\t' + model::printable(description));
}

std::vector<Candidate> ask(const workflow::TokenChoice& choice,
                           const std::function<void(const workflow::TokenChoice&, const LineWriter&)>& ask_one) {
  const auto lines = lines_within(limit(), [&](const LineWriter& write) {
    // One that hangs does not keep the others from answering.
    const auto each = workflow::by_module(choice);
    if (each.size() == 1) return ask_one(each.front(), write);
    each_in_parallel(each.size(), [&](std::size_t index) { ask_one(each[index], write); });
  });
  std::vector<Candidate> candidates;
  for (const std::string& line : lines) {
    const auto tab = line.find('\t');
    if (tab != std::string::npos) candidates.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  return candidates;
}

bool begins_uri(const std::string& typed) { return typed.rfind("pkcs11:", 0) == 0; }

}  // namespace

std::vector<Candidate> token_candidates(const TokenOptions& options, const std::string& typed) {
  workflow::TokenChoice choice = token_choice(options);
  choice.token.reset();  // it is what is looked for
  return ask(choice, [&typed](const workflow::TokenChoice& one, const LineWriter& write) {
    for (const TokenInfo& token : workflow::list_tokens(one, {})) {
      // p11-kit's System Trust and its like hold no keys.
      if (!token.initialized || (token.write_protected && !token.login_required)) continue;
      const std::string name = begins_uri(typed) || token.label.empty() ? token.uri : token.label;
      answer(write, name, fmt::format("{} {}", token.model, token.serial));
    }
  });
}

std::vector<Candidate> key_candidates(const TokenOptions& options, const std::string& typed) {
  const workflow::TokenChoice choice = token_choice(options);
  return ask(choice, [&typed](const workflow::TokenChoice& one, const LineWriter& write) {
    for (const workflow::ListedKey& key : workflow::list_keys(one, {}, false, {}).keys) {
      const bool by_id = typed.rfind("id:", 0) == 0 || key.label.empty();
      answer(write, begins_uri(typed) ? key.uri : by_id ? "id:" + key.id : key.label, key.algorithm);
    }
  });
}

}  // namespace p11csr::cli
