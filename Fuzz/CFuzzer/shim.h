#pragma once
#include <stddef.h>
#include <stdint.h>

/// libFuzzer as a library; part of the compiler's runtime (`-sanitize=fuzzer`).
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
