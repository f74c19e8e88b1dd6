#ifndef TRIBUTARY_CMALLOC_SHIM_H
#define TRIBUTARY_CMALLOC_SHIM_H

// Swift's module of the C library omits this header.
#include <malloc.h>

#endif
