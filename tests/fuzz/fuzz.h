/* SPDX-License-Identifier: MIT */
/* What fuzz targets share. Each is a function that libFuzzer calls, and replay.c too. */
#ifndef SKEP_TESTS_FUZZ_H
#define SKEP_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Holds for every input; unlike assert() in every build type. */
#define FUZZ_ASSERT(condition)                                                          \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                        \
		}                                                                       \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#endif
