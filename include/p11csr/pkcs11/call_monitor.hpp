#pragma once

#include <string>

#pragma GCC visibility push(default)
namespace p11csr {

/// CallMonitor stands beside every Cryptoki call: to trace it, to end one that hangs, to stop between two.
/// It lives longer than every Module that it was given to, and is called from the thread that makes the call.
class CallMonitor {
 public:
  virtual ~CallMonitor() = default;
  /// before is told the function's name ("C_Sign"), a static string. It may throw Error(interrupted) to stop.
  virtual void before(const char* call) = 0;
  /// after is told what the call returned (a CK_RV).
  virtual void after(const char* call, unsigned long result) noexcept = 0;
  /// stop_if_asked throws Error(interrupted) where the next call would be stopped: before a result counts.
  virtual void stop_if_asked() {}
  /// at_risk says what would be left on the token if the process ended now; empty when nothing would.
  virtual void at_risk(std::string what) = 0;
};

/// call_text names a call and what it returned as errors and traces show it: "C_Login: CKR_PIN_INCORRECT, 0xa0".
[[nodiscard]] std::string call_text(const char* call, unsigned long result);

}  // namespace p11csr
#pragma GCC visibility pop
