#include "complain.hpp"

#include <cstdlib>
#include <iostream>

namespace wayward {

void complain_and_abort(std::string_view problem) {
  std::cerr << "wayward: " << problem << std::endl;
  std::abort();
}

}  // namespace wayward
