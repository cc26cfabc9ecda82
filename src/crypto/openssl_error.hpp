#pragma once

#include <string>
#include <string_view>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>

namespace p11csr::crypto {

/// openssl_error makes an Error of the message and OpenSSL's reason, and empties OpenSSL's error queue.
[[nodiscard]] Error openssl_error(Errc code, std::string_view message, std::string hint = {});

/// forget_errors empties OpenSSL's error queue: after a failure that is an answer, not a fault.
void forget_errors() noexcept;

/// check throws Error(unexpected) that names the OpenSSL function unless its result is what success looks like.
void check(bool success, std::string_view function);

/// owned wraps a new OpenSSL object, or throws Error(unexpected) naming the function that made none.
template <class H>
[[nodiscard]] H owned(typename H::pointer object, std::string_view function) {
  check(object != nullptr, function);
  return H(object);
}

/// encode calls an i2d function of OpenSSL: the DER of the object.
template <class Encode, class T>
[[nodiscard]] Bytes encode(Encode i2d, T* object, std::string_view function) {
  const int size = i2d(object, nullptr);
  check(size > 0, function);
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* end = der.data();
  check(i2d(object, &end) == size, function);
  return der;
}

/// decode calls a d2i function of OpenSSL. Empty unless the whole of the input is the object.
template <class H, class Decode>
[[nodiscard]] H decode(Decode d2i, ByteView der) {
  const unsigned char* end = der.data();
  H object(d2i(nullptr, &end, static_cast<long>(der.size())));
  if (object == nullptr || end != der.data() + der.size()) {
    forget_errors();
    return nullptr;
  }
  return object;
}

}  // namespace p11csr::crypto
