#pragma once

#include <gtest/gtest.h>

#include <p11csr/model/error.hpp>

namespace p11csr::test {

/// thrown_error runs the action and returns the Error that it throws; the test fails where it throws none.
template <typename Action>
[[nodiscard]] Error thrown_error(Action&& action) {
  try {
    static_cast<void>(action());
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no Error was thrown";
  return Error(Errc::unexpected, "no error was thrown");
}

}  // namespace p11csr::test
