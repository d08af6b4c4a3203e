/* SPDX-License-Identifier: MIT */
/* Fixtures in both byte orders, and objects that are damaged on purpose. */
#ifndef SKEP_TESTS_SPEC_SUPPORT_H
#define SKEP_TESTS_SPEC_SUPPORT_H

#include <errno.h>
#include <skep/spec.h>

#include "test.h"

static const char *const orders[] = { "el", "eb" };

/* The file of a fixture in one byte order, "spec_maps", "el": static storage, one at a time. */
static inline const char *fixture_in(const char *name, const char *order)
{
	char file[128];

	snprintf(file, sizeof(file), "%s.%s.o", name, order);
	return fixture_path(file);
}

/* A fixture as a spec; the test fails when it cannot be read. */
static inline struct skep_spec *open_fixture(const char *name, const char *order)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = skep_spec_open(fixture_in(name, order), NULL, &err);

	assert_ok(spec, &err);
	return spec;
}

/* Runs a check over a fixture in either byte order. */
static inline void in_both_orders(const char *name, void (*check)(struct skep_spec *spec))
{
	for (int i = 0; i < 2; i++) {
		struct skep_spec *spec = open_fixture(name, orders[i]);

		check(spec);
		skep_spec_free(spec);
	}
}

/* The bytes of a fixture; the caller frees them. */
static inline uint8_t *read_fixture(const char *name, const char *order, size_t *len)
{
	FILE *f = fopen(fixture_in(name, order), "rb");
	uint8_t *data = malloc(1 << 20);

	assert_non_null(f);
	assert_non_null(data);
	*len = fread(data, 1, 1 << 20, f);
	assert_true(*len > 0 && *len < 1 << 20);
	fclose(f);
	return data;
}

/* Overwrites each place that holds the bytes @from, NUL included, by @to of the same length. */
static inline void rename_in(uint8_t *data, size_t len, const char *from, const char *to)
{
	size_t n = strlen(from) + 1, found = 0;

	assert_int_equal(strlen(to) + 1, n);
	for (size_t i = 0; i + n <= len; i++) {
		if (memcmp(data + i, from, n))
			continue;
		memcpy(data + i, to, n);
		found++;
	}
	assert_true(found > 0);
}

/* A fixture in which one string is another: opened, or NULL with the error. */
static inline struct skep_spec *open_renamed(const char *name, const char *order, const char *from,
					     const char *to, struct skep_error *err)
{
	size_t len;
	uint8_t *data = read_fixture(name, order, &len);
	struct skep_spec *spec;

	rename_in(data, len, from, to);
	spec = skep_spec_read(data, len, NULL, err);
	free(data);
	return spec;
}

static inline struct skep_program_spec *program_of(struct skep_spec *spec, const char *name)
{
	struct skep_program_spec *program = skep_spec_program(spec, name);

	if (!program)
		fail_msg("there is no program '%s'", name);
	return program;
}

static inline struct skep_map_spec *map_of(struct skep_spec *spec, const char *name)
{
	struct skep_map_spec *map = skep_spec_map(spec, name);

	if (!map)
		fail_msg("there is no map '%s'", name);
	return map;
}

#endif
