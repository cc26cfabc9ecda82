// libp11 as this program includes it: its header names two types that OPENSSL_NO_DEPRECATED leaves undeclared.
#pragma once

using RSA_METHOD = struct rsa_meth_st;
using EC_KEY_METHOD = struct ec_key_method_st;

#include <libp11.h>
