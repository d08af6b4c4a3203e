/* SPDX-License-Identifier: MIT */
/* Fixtures to be linked, of both byte orders. */
#ifndef SKEP_TESTS_LINKER_SUPPORT_H
#define SKEP_TESTS_LINKER_SUPPORT_H

#include <errno.h>
#include <skep/skep.h>

#include "test.h"

/* The bytes of linker_NAME.ORDER.o, to be freed. */
static inline uint8_t *read_object(const char *name, const char *order, size_t *len)
{
	char file[64];
	uint8_t *data;
	FILE *f;

	snprintf(file, sizeof(file), "linker_%s.%s.o", name, order);
	f = fopen(fixture_path(file), "r");
	assert_non_null(f);
	data = malloc(1 << 20);
	*len = fread(data, 1, 1 << 20, f);
	fclose(f);
	return realloc(data, *len);
}

static inline int add_object(struct skep_linker *linker, const char *name, const char *order,
			     struct skep_error *err)
{
	size_t len;
	uint8_t *data = read_object(name, order, &len);
	int ret = skep_linker_add(linker, data, len, name, err);

	free(data);
	return ret;
}

/* Links these two; 0 or the error. */
static inline int link_two(const char *a, const char *b, const char *order, struct skep_text *out,
			   struct skep_error *err)
{
	struct skep_linker *linker = skep_linker_new(err);
	int ret = add_object(linker, a, order, err);

	ret = ret ? ret : add_object(linker, b, order, err);
	ret = ret ? ret : skep_linker_finish(linker, out, err);
	skep_linker_free(linker);
	return ret;
}

#endif
