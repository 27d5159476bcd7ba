// Requests to valgrind's memcheck, which are macros and so out of Swift's reach. Without valgrind's headers, or
// outside valgrind, they do nothing.
#include <stddef.h>

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else
#define RUNNING_ON_VALGRIND 0
#define VALGRIND_MAKE_MEM_UNDEFINED(start, count)
#define VALGRIND_MAKE_MEM_DEFINED(start, count)
#endif

/// Makes memcheck report every branch and address that depends on these bytes.
static inline void memcheck_hide(const void *start, size_t count) {
    VALGRIND_MAKE_MEM_UNDEFINED(start, count);
}

/// Makes the bytes ordinary again.
static inline void memcheck_show(const void *start, size_t count) {
    VALGRIND_MAKE_MEM_DEFINED(start, count);
}

/// Whether the process runs under valgrind.
static inline int memcheck_is_watching(void) {
    return RUNNING_ON_VALGRIND != 0;
}
