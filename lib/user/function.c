// SPDX-License-Identifier: MIT
/* A function's address by its name, as a user would mean it. */
#include "user/symbols.h"

#include <string.h>

#include "base/error.h"
#include "base/near.h"

static const uint32_t tables[] = { SHT_DYNSYM, SHT_SYMTAB };

#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

struct search {
	const char *name, *version; /* as asked for; version NULL: the default one */
	size_t name_len;
	struct skep_symbol best;
	unsigned int rank;  /* of the best; 0: nothing found */
	uint64_t places[8]; /* that are as good; more are not counted */
	size_t n;
	size_t seen, locals; /* functions at all, and those of .symtab */
	const char *near;    /* a name that is like it */
};

/* Of symbols with one name: real functions before labels, the default version, then the binding. */
static unsigned int rank_of(const struct skep_symbol *symbol)
{
	unsigned int rank = symbol->bind == STB_LOCAL ? 1 : symbol->bind == STB_WEAK ? 2 : 3;

	if (symbol->is_default)
		rank += 4;
	if (symbol->type != STT_NOTYPE)
		rank += 8;
	return rank;
}

static bool is_meant(const struct search *search, const struct skep_symbol *symbol)
{
	if (symbol->name_len != search->name_len ||
	    memcmp(symbol->name, search->name, search->name_len) != 0)
		return false;
	return !search->version || (symbol->version && !strcmp(symbol->version, search->version));
}

static void add_place(struct search *search, uint64_t addr)
{
	for (size_t i = 0; i < search->n; i++)
		if (search->places[i] == addr)
			return;
	if (search->n < sizeof(search->places) / sizeof(search->places[0]))
		search->places[search->n++] = addr;
}

static void consider(struct search *search, const struct skep_symbol *symbol)
{
	unsigned int rank = rank_of(symbol);

	if (!is_meant(search, symbol) || rank < search->rank)
		return;
	if (rank > search->rank) {
		search->n = 0;
		search->rank = rank;
		search->best = *symbol;
	}
	add_place(search, symbol->addr);
}

static void walk(struct search *search, const struct skep_image *image)
{
	for (size_t i = 0; i < N_TABLES; i++) {
		struct skep_symbols symbols;
		struct skep_symbol symbol;

		if (!skep_symbols_open(&symbols, image, tables[i]))
			continue;
		while (skep_symbols_next(&symbols, &symbol)) {
			search->seen++;
			search->locals += tables[i] == SHT_SYMTAB;
			consider(search, &symbol);
		}
	}
}

static const char *find_near(const struct skep_image *image, const char *name)
{
	for (size_t i = 0; i < N_TABLES; i++) {
		struct skep_symbols symbols;
		struct skep_symbol symbol;

		if (!skep_symbols_open(&symbols, image, tables[i]))
			continue;
		while (skep_symbols_next(&symbols, &symbol))
			if (skep_name_distance(name, symbol.name) <= (strlen(name) < 4 ? 1 : 2))
				return symbol.name;
	}
	return NULL;
}

/* An exported function still has its name. */
static void stripped(const struct search *search, const struct skep_image *image,
		     struct skep_error *err)
{
	char debug[PATH_MAX];

	if (skep_image_debug_path(image, SKEP_DEBUG_ROOT, debug))
		skep_error_add_hint(err,
				    "the file is stripped and has only the %zu names that it "
				    "exports: install its debug symbols, %.100s, or give an offset "
				    "in the file",
				    search->seen, debug);
	else
		skep_error_add_hint(err,
				    "the file is stripped and has only the %zu names that it "
				    "exports: give an offset in the file, or one that was not "
				    "stripped",
				    search->seen);
}

static int not_found(const struct search *search, const struct skep_image *image, const char *name,
		     struct skep_error *err)
{
	const char *near = find_near(image, name);

	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "'%s' has no function '%s'", image->path,
		       name);
	if (near)
		skep_error_add_hint(err, "did you mean '%s'?", near);
	else if (!search->locals)
		stripped(search, image, err);
	else
		skep_error_add_hint(err,
				    "nm '%s' lists its functions; one that the compiler put "
				    "into its callers is not there",
				    image->path);
	return -ENOENT;
}

static int several(const struct search *search, const struct skep_image *image, const char *name,
		   struct skep_error *err)
{
	char places[192] = "";
	size_t len = 0;

	for (size_t i = 0; i < search->n; i++) {
		uint64_t offset = 0;

		skep_image_offset(image, search->places[i], 0, &offset);
		len += (size_t)snprintf(places + len, sizeof(places) - len, " 0x%llx",
					(unsigned long long)offset);
	}
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOTUNIQ,
		       "'%s' has several functions with the name '%s', at the offsets%s",
		       image->path, name, places);
	skep_error_add_hint(err, "tell which one by its offset in the file, without a name");
	return -ENOTUNIQ;
}

int skep_image_function(const struct skep_image *image, const char *name, uint64_t *addr,
			struct skep_error *err)
{
	const char *at = strchr(name, '@');
	struct search search = { .name = name,
				 .name_len = at ? (size_t)(at - name) : strlen(name) };

	if (at)
		search.version = at + 1 + (at[1] == '@');
	walk(&search, image);
	if (!search.rank)
		return not_found(&search, image, name, err);
	if (search.n > 1)
		return several(&search, image, name, err);
	if (search.best.type == STT_GNU_IFUNC) {
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
			       "'%s' in '%s' is chosen among several functions when the program "
			       "starts (STT_GNU_IFUNC)",
			       name, image->path);
		skep_error_add_hint(err, "probe the one that is used on this CPU, such as "
					 "__memcpy_avx_unaligned; debug symbols name them");
		return -ENOTSUP;
	}
	*addr = search.best.addr;
	return 0;
}
