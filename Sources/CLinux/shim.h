// What Swift's face of the C library leaves out: functions with variable arguments, here in a fixed form, and those that
// its headers declare for _GNU_SOURCE only, which must not differ between the modules of one program.
#include <link.h>
#include <malloc.h>
#include <stddef.h>
#include <sys/prctl.h>

/// Forbids core dumps of, and attachment of debuggers to, the calling process. 0 on success, -1 on failure.
static inline int linux_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
}

/// 1 when the calling process may be dumped, 0 when not.
static inline int linux_may_be_dumped(void) {
    return prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L);
}

/// Limits the heaps that the C library makes for a process's threads. 1 on success, 0 on failure.
static inline int linux_limit_heaps(int count) {
    return mallopt(M_ARENA_MAX, count);
}

/// The first members of the C library's struct dl_phdr_info (Linux Standard Base 5.0, dl_iterate_phdr).
struct linux_image {
    /// What is to be added to the segments' addresses.
    ElfW(Addr) base;
    const char *name;
    const ElfW(Phdr) *segments;
    ElfW(Half) segment_count;
};

/// Calls back for the program and each loaded library, under the loader's lock, until an answer is not 0.
int linux_each_image(int (*callback)(const struct linux_image *image, size_t size, void *context), void *context)
    __asm__("dl_iterate_phdr");
