// OpenSSL 3 deprecates the functions of sha.h in favour of those of evp.h, which load a provider first.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

// Has no password, and notes that there was a question for one. The usual function asks on the terminal.
static inline int tributary_refuse_password(char *buffer, int size, int isWriting, void *isAsked) {
    *(int *)isAsked = 1;
    return -1;
}

// Reads a private key that is not encrypted; null if there is none.
static inline EVP_PKEY *tributary_read_private_key(BIO *bio, int *isEncrypted) {
    return PEM_read_bio_PrivateKey(bio, NULL, tributary_refuse_password, isEncrypted);
}

// Whether the last error means that no further PEM block follows.
static inline int tributary_is_end_of_pem(void) {
    unsigned long error = ERR_peek_last_error();
    return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

// The names in an extension with alternative names.
static inline int tributary_count_names(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

// The text of a name that is a URI; null for other names.
static inline const ASN1_STRING *tributary_uri(const GENERAL_NAMES *names, int index) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    return name->type == GEN_URI ? name->d.uniformResourceIdentifier : NULL;
}
