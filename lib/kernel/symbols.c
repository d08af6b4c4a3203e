// SPDX-License-Identifier: MIT
/* Names of addresses: the functions of /proc/kallsyms that begin nearest below them. */
#include <skep/stack.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/kallsyms.h"

/* No function is that long: what lies further behind one is in none. */
#define MAX_FUNCTION (1ull << 20)

struct wanted {
	uint64_t address;
	struct skep_kernel_symbol *symbol;
};

struct naming {
	struct wanted *wanted; /* by ascending address */
	size_t n;
	bool has_addresses; /* one that is not 0 was seen */
};

static int by_address(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/*
 * A symbol is kept for the first address that is not below it; those above take it over from there
 * when all have been seen.
 */
static int see(const struct skep_kallsym *symbol, void *context)
{
	struct naming *naming = context;
	size_t from = 0, to = naming->n;
	struct skep_kernel_symbol *best;

	naming->has_addresses |= symbol->address != 0;
	if (!symbol->address || !strchr("tTwW", symbol->type))
		return 0;
	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (naming->wanted[mid].address < symbol->address)
			from = mid + 1;
		else
			to = mid;
	}
	if (from == naming->n)
		return 0;
	best = naming->wanted[from].symbol;
	if (symbol->address <= best->address)
		return 0;
	best->address = symbol->address;
	snprintf(best->name, sizeof(best->name), "%s", symbol->name);
	snprintf(best->module, sizeof(best->module), "%s", symbol->module ?: "");
	return 0;
}

static void settle(const struct naming *naming)
{
	for (size_t i = 1; i < naming->n; i++)
		if (naming->wanted[i].symbol->address < naming->wanted[i - 1].symbol->address)
			*naming->wanted[i].symbol = *naming->wanted[i - 1].symbol;
	for (size_t i = 0; i < naming->n; i++) {
		struct skep_kernel_symbol *symbol = naming->wanted[i].symbol;

		if (naming->wanted[i].address - symbol->address >= MAX_FUNCTION)
			*symbol = (struct skep_kernel_symbol){ 0 };
	}
}

int skep_kernel_symbols(const uint64_t *addresses, size_t n, struct skep_kernel_symbol *symbols,
			struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) struct wanted *wanted = NULL;
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	struct naming naming = { .n = n };
	int ret;

	if (!n)
		return 0;
	if (!addresses || !symbols)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "there are no addresses or no symbols: they are NULL");
	fd = skep_kallsyms_open(err);
	if (fd < 0)
		return fd;
	naming.wanted = wanted = calloc(n, sizeof(*wanted));
	if (!wanted)
		return skep_error_nomem(err, SKEP_STAGE_RESOLVE);
	for (size_t i = 0; i < n; i++) {
		symbols[i] = (struct skep_kernel_symbol){ 0 };
		wanted[i] = (struct wanted){ addresses[i], &symbols[i] };
	}
	qsort(wanted, n, sizeof(*wanted), by_address);
	ret = skep_kallsyms_walk(fd, see, &naming, err);
	if (ret)
		return ret;
	if (!naming.has_addresses)
		return skep_kallsyms_hidden(err);
	settle(&naming);
	return 0;
}
