// The block interface to SHA-256 is deprecated in OpenSSL 3 in favour of EVP, whose set-up costs more
// than hashing a 64-byte tree node. It stays exported for the whole 3.x series.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
