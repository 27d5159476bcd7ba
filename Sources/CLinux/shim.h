// Swift cannot call C functions with variable arguments; this gives the one that is needed a fixed form.
#include <sys/prctl.h>

/// Forbids core dumps of, and attachment of debuggers to, the calling process. 0 on success, -1 on failure.
static inline int linux_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
}

/// 1 when the calling process may be dumped, 0 when not.
static inline int linux_may_be_dumped(void) {
    return prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L);
}
