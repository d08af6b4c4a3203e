/* SPDX-License-Identifier: MIT */
/* The digest that the kernel gives programs and frozen maps (6.18): SHA-256, FIPS 180-4. */
#ifndef SKEP_BASE_SHA256_H
#define SKEP_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SKEP_SHA256_LEN 32

void skep_sha256(const void *data, size_t len, uint8_t digest[SKEP_SHA256_LEN]);

#endif
