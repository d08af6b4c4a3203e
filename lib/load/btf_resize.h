/* SPDX-License-Identifier: MIT */
/* Types of values that were resized. */
#ifndef SKEP_LOAD_BTF_RESIZE_H
#define SKEP_LOAD_BTF_RESIZE_H

#include <skep/spec.h>

/* Whether the type of @map's values can be made to fit their size, which is not the type's. */
bool skep_btf_resizes(const struct skep_spec *spec, const struct skep_map_spec *map);

/*
 * Makes them fit in @copy, a copy of @len bytes of the BTF at @raw. Returns it, or a longer one in
 * its place; NULL, and @copy is freed, when there is no memory.
 */
void *skep_btf_resize(const struct skep_spec *spec, const char *raw, void *copy, size_t *len);

#endif
