// SPDX-License-Identifier: MIT
/*
 * Reading an object, whole or damaged, takes at most sixteen times its size. The C library's
 * allocator is counted here; a sanitizer or valgrind brings its own, under which nothing is.
 * Large zeroed blocks are not counted: they are .bss, which takes no memory before it is written.
 */
#include "support.h"

#include <malloc.h>

#define GROWTH 16
#define LEAST  65536 /* what an object of any size may take */
#define ROUNDS 300

#define ZEROED 65536
#define BLOCKS 64

static size_t now, peak;
static const void *zeroed[BLOCKS];

#if !defined(__SANITIZE_ADDRESS__)
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void __libc_free(void *p);

static void *counted(void *p)
{
	now += p ? malloc_usable_size(p) : 0;
	if (now > peak)
		peak = now;
	return p;
}

void *malloc(size_t size)
{
	return counted(__libc_malloc(size));
}

static const void **find_zeroed(const void *p)
{
	for (size_t i = 0; i < BLOCKS; i++)
		if (zeroed[i] == p)
			return &zeroed[i];
	return NULL;
}

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
void *calloc(size_t n, size_t size)
{
	void *p = __libc_calloc(n, size);
	const void **slot = p && malloc_usable_size(p) >= ZEROED ? find_zeroed(NULL) : NULL;

	if (!slot)
		return counted(p);
	*slot = p;
	return p;
}

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
void *realloc(void *p, size_t size)
{
	void *moved = malloc(size);
	size_t old = p ? malloc_usable_size(p) : 0;

	if (moved && p) {
		memcpy(moved, p, old < size ? old : size);
		free(p);
	}
	return moved;
}

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
void free(void *p)
{
	const void **slot = p ? find_zeroed(p) : NULL;

	if (slot)
		*slot = NULL;
	else
		now -= p ? malloc_usable_size(p) : 0;
	__libc_free(p);
}
#endif

static size_t peak_of_reading(const void *data, size_t len)
{
	size_t before = now;
	struct skep_spec *spec;

	peak = now;
	spec = skep_spec_read(data, len, NULL, NULL);
	skep_spec_free(spec);
	return peak - before;
}

static uint64_t seed;

static uint64_t random_number(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Sizes and counts stand in words: some get large, some point elsewhere. */
static void damage(uint8_t *data, size_t len)
{
	static const uint32_t values[] = { 0, 1, 0xffff, 0x10000, 0x7fffffff, 0xffffffff };

	for (uint64_t n = 1 + random_number() % 6; n; n--) {
		uint32_t value = values[random_number() % (sizeof(values) / sizeof(values[0]))];
		size_t at = random_number() % (len / 4) * 4;

		memcpy(data + at, &value, sizeof(value));
	}
}

static void measure(const char *name, const char *order)
{
	size_t len;
	uint8_t *data = read_fixture(name, order, &len);
	uint8_t *copy = malloc(len);

	assert_non_null(copy);
	for (uint64_t round = 0; round < ROUNDS; round++) {
		size_t taken;

		seed = (round + 1) * 0x9e3779b97f4a7c15;
		memcpy(copy, data, len);
		if (round)
			damage(copy, len);
		taken = peak_of_reading(copy, len);
		if (taken > len * GROWTH + LEAST)
			fail_msg("%s.%s, round %zu: %zu bytes for %zu", name, order, (size_t)round,
				 taken, len);
	}
	free(copy);
	free(data);
}

static void an_object_takes_at_most_sixteen_times_its_size(void **state)
{
	static const char *const names[] = { "relo_local",   "spec_globals", "spec_legacy",
					     "spec_maps",    "spec_refs",    "load_refused",
					     "load_minimal", "load_maps" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		measure(names[i], "el");
		measure(names[i], "eb");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_takes_at_most_sixteen_times_its_size),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
