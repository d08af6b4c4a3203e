/* SPDX-License-Identifier: MIT */
/*
 * Which name an address has: functions by ascending address, 16 bytes each, and their names behind
 * one another. Of the kernel, of a file, or of code that a process has written itself.
 */
#ifndef SKEP_SYMBOL_NAMES_H
#define SKEP_SYMBOL_NAMES_H

#include <stdbool.h>
#include <stdint.h>
#include <skep/text.h>

#include "base/vec.h"

/* What a file of somebody else may take of memory. */
#define SKEP_NAMES_MAX_TEXT (1u << 28)
#define SKEP_NAMES_MAX	    (8u << 20)

/* Of several names of one address the highest is taken. */
enum skep_name_rank {
	SKEP_NAME_LABEL, /* no function, perhaps a place in one */
	SKEP_NAME_LOCAL,
	SKEP_NAME_WEAK,
	SKEP_NAME_GLOBAL,
};

struct skep_name {
	uint64_t address;
	uint32_t size; /* 0: up to the next */
	uint32_t text : 29, rank : 3;
};

/* A zeroed struct is empty and valid. */
struct skep_names {
	struct skep_vec(struct skep_name) list;
	struct skep_text text;
	bool later_wins; /* of names of the same rank for one address; else the first */
};

/*
 * Adds a function. @module is what else is known of it, or NULL. -ENOMEM; -E2BIG for more text
 * than there may be.
 */
int skep_names_add(struct skep_names *names, uint64_t address, uint64_t size,
		   enum skep_name_rank rank, const char *name, size_t len, const char *module);

/* After the last was added, and before the first is looked for. */
void skep_names_finish(struct skep_names *names);

/* The function that an address is in, or NULL. */
const struct skep_name *skep_names_find(const struct skep_names *names, uint64_t address);

static inline const char *skep_names_text(const struct skep_names *names,
					  const struct skep_name *name)
{
	return names->text.data + name->text;
}

/* "" when there is none. Only where each name was added with one. */
static inline const char *skep_names_module(const struct skep_names *names,
					    const struct skep_name *name)
{
	const char *text = skep_names_text(names, name);

	return text + strlen(text) + 1;
}

/* Memory that it takes. */
size_t skep_names_bytes(const struct skep_names *names);

void skep_names_free(struct skep_names *names);

#endif
