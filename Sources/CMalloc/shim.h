#ifndef TRIBUTARY_CMALLOC_SHIM_H
#define TRIBUTARY_CMALLOC_SHIM_H

// Swift's own module of the C library leaves this header out.
#include <malloc.h>

#endif
