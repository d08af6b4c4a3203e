// SPDX-License-Identifier: MIT
/* Names in a description that the object does not have, and those that it has. */
#include <string.h>

#include "base/near.h"
#include "cli/test/describe_run.h"

#define MAX_HINT 200

/* Maps with names that a source gave them. */
static bool is_named(const struct skep_map_spec *map)
{
	return map->create && (map->kind == SKEP_MAP_DEFINED || map->kind == SKEP_MAP_LEGACY);
}

/* The @i-th name of a kind; "" for what cannot be named, NULL behind the last. */
static const char *name_at(const struct skep_spec *spec, enum described_kind kind, size_t i)
{
	switch (kind) {
	case DESCRIBED_PROGRAM:
		return i < spec->n_programs ? spec->programs[i]->name : NULL;
	case DESCRIBED_VARIABLE:
		if (i >= spec->n_globals)
			return NULL;
		return spec->globals[i]->type_id ? spec->globals[i]->name : "";
	default:
		if (i >= spec->n_maps)
			return NULL;
		return is_named(spec->maps[i]) ? spec->maps[i]->name : "";
	}
}

int described_unknown(const struct description *d, const struct skep_spec *spec,
		      const struct slice *at, enum described_kind kind, const char *name,
		      struct skep_error *err)
{
	static const char *const words[] = { "program", "variable", "map in use" };
	char hint[MAX_HINT + 80] = "";
	size_t len = 0;
	const char *has;

	for (size_t i = 0; (has = name_at(spec, kind, i)); i++) {
		/* What the headers define for themselves has such names. */
		if (!*has || strstr(has, "__"))
			continue;
		if (skep_name_distance(has, name) <= 2 && strlen(name) > 2) {
			snprintf(hint, sizeof(hint), "did you mean '%.60s'?", has);
			break;
		}
		if (len < MAX_HINT)
			len += (size_t)snprintf(hint + len, sizeof(hint) - len, "%s%.60s",
						len ? ", " : "it has ", has);
	}
	return describe_refuse(d, at, *hint ? hint : NULL, err, "%s has no %s '%s'", spec->path,
			       words[kind], name);
}
