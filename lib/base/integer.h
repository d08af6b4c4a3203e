/* SPDX-License-Identifier: MIT */
/* Integers of 1, 2, 4 or 8 bytes in memory, in this machine's byte order, wherever they lie. */
#ifndef SKEP_BASE_INTEGER_H
#define SKEP_BASE_INTEGER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t skep_int_load(const void *at, size_t size)
{
	uint8_t v8;
	uint16_t v16;
	uint32_t v32;
	uint64_t v64;

	switch (size) {
	case 1:
		memcpy(&v8, at, sizeof(v8));
		return v8;
	case 2:
		memcpy(&v16, at, sizeof(v16));
		return v16;
	case 4:
		memcpy(&v32, at, sizeof(v32));
		return v32;
	default:
		memcpy(&v64, at, sizeof(v64));
		return v64;
	}
}

/* The lower bytes of @value. */
static inline void skep_int_store(void *at, size_t size, uint64_t value)
{
	uint8_t v8 = (uint8_t)value;
	uint16_t v16 = (uint16_t)value;
	uint32_t v32 = (uint32_t)value;

	switch (size) {
	case 1:
		memcpy(at, &v8, sizeof(v8));
		break;
	case 2:
		memcpy(at, &v16, sizeof(v16));
		break;
	case 4:
		memcpy(at, &v32, sizeof(v32));
		break;
	default:
		memcpy(at, &value, sizeof(value));
	}
}

/* What the lower @size bytes of @value are as a signed number, and as an unsigned one. */
static inline int64_t skep_int_signed(uint64_t value, size_t size)
{
	int unused = 64 - 8 * (int)size;

	return (int64_t)(value << unused) >> unused;
}

static inline uint64_t skep_int_unsigned(uint64_t value, size_t size)
{
	int unused = 64 - 8 * (int)size;

	return value << unused >> unused;
}

#endif
