// libxcrypt, which every Debian has.
#include <crypt.h>
