// SPDX-License-Identifier: MIT
/* All functions of an image whose names match a pattern. */
#include "user/symbols.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/glob.h"
#include "base/vec.h"

#define MAX_NAME  1024
#define MAX_MATCH (1u << 20) /* what the kernel takes at once (MAX_UPROBE_MULTI_CNT) */

struct offsets skep_vec(uint64_t);

static bool matches(const struct skep_symbol *symbol, const char *pattern)
{
	char name[MAX_NAME];

	if (symbol->type != STT_FUNC || symbol->name_len >= sizeof(name))
		return false;
	memcpy(name, symbol->name, symbol->name_len);
	name[symbol->name_len] = '\0';
	return skep_glob_matches(pattern, name);
}

static int collect(const struct skep_image *image, uint32_t table, const char *pattern,
		   struct offsets *offsets)
{
	struct skep_symbols symbols;
	struct skep_symbol symbol;

	if (!skep_symbols_open(&symbols, image, table))
		return 0;
	while (skep_symbols_next(&symbols, &symbol)) {
		uint64_t offset, *slot;

		if (!matches(&symbol, pattern) ||
		    !skep_image_offset(image, symbol.addr, PF_X, &offset))
			continue;
		if (offsets->len == 2 * (size_t)MAX_MATCH)
			return -E2BIG;
		slot = skep_vec_push(offsets);
		if (!slot)
			return -ENOMEM;
		*slot = offset;
	}
	return 0;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Both tables have what is exported, and some functions have several names. */
static void drop_doubles(struct offsets *offsets)
{
	size_t n = 0;

	if (!offsets->len)
		return;
	qsort(offsets->items, offsets->len, sizeof(*offsets->items), by_value);
	for (size_t i = 0; i < offsets->len; i++)
		if (!n || offsets->items[i] != offsets->items[n - 1])
			offsets->items[n++] = offsets->items[i];
	offsets->len = n;
}

int64_t skep_image_match(const struct skep_image *image, const char *pattern, uint64_t **out,
			 struct skep_error *err)
{
	struct offsets offsets = { 0 };
	int ret = collect(image, SHT_SYMTAB, pattern, &offsets) ?:
			  collect(image, SHT_DYNSYM, pattern, &offsets);

	*out = NULL;
	drop_doubles(&offsets);
	if (!ret && offsets.len > MAX_MATCH)
		ret = -E2BIG;
	if (!ret && offsets.len) {
		*out = offsets.items;
		return (int64_t)offsets.len;
	}
	skep_vec_free(&offsets);
	if (ret == -ENOMEM)
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	if (ret)
		return skep_error_set(err, SKEP_STAGE_ATTACH, E2BIG,
				      "more than %u functions of '%s' match '%s'", MAX_MATCH,
				      image->path, pattern);
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "no function of '%s' matches '%s'",
		       image->path, pattern);
	skep_error_add_hint(err,
			    "'*' stands for any text, '?' for one character; nm '%s' lists "
			    "the names, nm -D the exported ones",
			    image->path);
	return -ENOENT;
}
