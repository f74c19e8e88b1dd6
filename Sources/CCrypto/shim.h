// OpenSSL 3 deprecates the functions of sha.h in favour of those of evp.h, which load a provider first.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>
