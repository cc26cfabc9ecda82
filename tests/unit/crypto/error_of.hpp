#pragma once

#include <gtest/gtest.h>

#include <p11csr/model/error.hpp>

namespace p11csr::test {

/// error_of runs something that must throw, and gives what it threw.
template <class Action>
[[nodiscard]] Error error_of(Action action) {
  try {
    static_cast<void>(action());
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no Error was thrown";
  return {Errc::unexpected, "nothing was thrown"};
}

}  // namespace p11csr::test
