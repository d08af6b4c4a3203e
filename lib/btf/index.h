/* SPDX-License-Identifier: MIT */
/*
 * Types by essential name: the part of a name before its flavor, "task_struct" of
 * "task_struct___v2" (a flavor is what follows the last three underscores that stand between two
 * characters that are not underscores; libbpf's rule, see docs/decisions).
 */
#ifndef SKEP_BTF_INDEX_H
#define SKEP_BTF_INDEX_H

#include <skep/btf.h>

/* Length of the essential part of @name. */
size_t skep_btf_essential_len(const char *name);

/*
 * Ids, ascending, of all types (any kind) of @btf and its base whose essential names equal the
 * first @len bytes of @name. Answers from memory when the name was prefetched or asked for
 * before, and walks otherwise. The array belongs to the BTF and lives as long. NULL with
 * *count = 0 when there is none.
 */
const uint32_t *skep_btf_named(const struct skep_btf *btf, const char *name, size_t len,
			       size_t *count);

#endif
