#pragma once

#include <functional>
#include <rapidcheck.h>
#include <string>

namespace p11csr::test {

/// any_text is mostly what separates, escapes and names; some of any bytes.
inline rc::Gen<std::string> any_text() {
  const auto telling = rc::gen::container<std::string>(rc::gen::elementOf(std::string(",+=/\\\"#;<> {}:@%*.aZ0CNO\n")));
  return rc::gen::oneOf(telling, rc::gen::string<std::string>(), rc::gen::just(std::string("web")),
                        rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>('a', 'z'))));
}

inline bool holds(const std::string& description, const std::function<void()>& property) {
  return rc::check(description, property);
}

}  // namespace p11csr::test
