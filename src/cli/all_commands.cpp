#include "cli/command.hpp"
#include "cli/command_batch.hpp"
#include "cli/command_cert.hpp"
#include "cli/command_completion.hpp"
#include "cli/command_doctor.hpp"
#include "cli/command_enroll.hpp"
#include "cli/command_help.hpp"
#include "cli/command_inspect.hpp"
#include "cli/command_key.hpp"
#include "cli/command_lint.hpp"
#include "cli/command_profile.hpp"
#include "cli/command_request.hpp"
#include "cli/command_sandbox.hpp"
#include "cli/command_token.hpp"

namespace p11csr::cli {

const std::vector<Command>& all_commands() {
  static const std::vector<Command> commands{
      request_command(), inspect_command(),    lint_command(),  profile_command(), token_command(),
      key_command(),     cert_command(),       batch_command(), enroll_command(),  doctor_command(),
      sandbox_command(), completion_command(), help_command()};
  return commands;
}

}  // namespace p11csr::cli
