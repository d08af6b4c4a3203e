// SPDX-License-Identifier: MIT
#include "symbol/names.h"

#include <errno.h>
#include <stdlib.h>

/* No function is that long: what lies further behind one of unknown size is in none. */
#define MAX_FUNCTION (1ull << 20)

/* Functions in functions, as compilers make of cold parts, are not deeper than this. */
#define MAX_NESTED 8

int skep_names_add(struct skep_names *names, uint64_t address, uint64_t size,
		   enum skep_name_rank rank, const char *name, size_t len, const char *module)
{
	size_t at = names->text.len;
	struct skep_name *slot;

	if (len >= SKEP_NAMES_MAX_TEXT - 256 || at > SKEP_NAMES_MAX_TEXT - len - 256 ||
	    names->list.len >= SKEP_NAMES_MAX)
		return -E2BIG;
	skep_text_bytes(&names->text, name, len);
	skep_text_char(&names->text, '\0');
	if (module) {
		skep_text_bytes(&names->text, module, strnlen(module, 128));
		skep_text_char(&names->text, '\0');
	}
	slot = names->text.failed ? NULL : skep_vec_push(&names->list);
	if (!slot)
		return -ENOMEM;
	slot->address = address;
	slot->size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
	slot->text = (uint32_t)at & ((1u << 29) - 1);
	slot->rank = rank;
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct skep_name *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	return x->text < y->text ? -1 : x->text > y->text;
}

static bool is_sorted(const struct skep_names *names)
{
	for (size_t i = 1; i < names->list.len; i++)
		if (by_address(&names->list.items[i - 1], &names->list.items[i]) > 0)
			return false;
	return true;
}

/* One name an address; and no labels inside of functions whose end is known. */
void skep_names_finish(struct skep_names *names)
{
	uint64_t end = 0;
	size_t kept = 0;

	if (!names->list.len)
		return;
	if (!is_sorted(names))
		qsort(names->list.items, names->list.len, sizeof(*names->list.items), by_address);
	for (size_t i = 0; i < names->list.len; i++) {
		const struct skep_name *name = &names->list.items[i];
		struct skep_name *last = kept ? &names->list.items[kept - 1] : NULL;

		if (last && last->address == name->address) {
			if (names->later_wins && last->rank == name->rank)
				*last = *name;
			continue;
		}
		if (!name->size && name->address < end)
			continue;
		if (name->address + name->size > end)
			end = name->address + name->size;
		names->list.items[kept++] = *name;
	}
	names->list.len = kept;
}

static bool holds(const struct skep_name *name, uint64_t address)
{
	return address - name->address < (name->size ? name->size : MAX_FUNCTION);
}

const struct skep_name *skep_names_find(const struct skep_names *names, uint64_t address)
{
	size_t low = 0, high = names->list.len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (names->list.items[mid].address <= address)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t i = 0; i < MAX_NESTED && i < low; i++) {
		const struct skep_name *name = &names->list.items[low - 1 - i];

		if ((!i || name->size) && holds(name, address))
			return name;
	}
	return NULL;
}

size_t skep_names_bytes(const struct skep_names *names)
{
	return names->list.cap * sizeof(*names->list.items) + names->text.cap;
}

void skep_names_free(struct skep_names *names)
{
	skep_vec_free(&names->list);
	skep_text_free(&names->text);
}
