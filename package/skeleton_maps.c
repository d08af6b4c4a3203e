// SPDX-License-Identifier: MIT
/* Functions that know the types of a map's keys and values. */
#include "package/skeleton_gen.h"

#include "base/uapi.h"

static const char key_functions[] =
	"static inline int @_$_delete(const struct @ *skel, const @_$_key *key,\n"
	"\tstruct skep_error *err)\n"
	"{\n"
	"\treturn skep_map_delete(skel->maps.$, key, err);\n"
	"}\n\n"
	"/* The key after *key, or the first one if it is NULL. -ENOENT after the last. */\n"
	"static inline int @_$_next(const struct @ *skel, const @_$_key *key, @_$_key *next,\n"
	"\tstruct skep_error *err)\n"
	"{\n"
	"\treturn skep_map_next_key(skel->maps.$, key, next, err);\n"
	"}\n\n";

static const char value_functions[] =
	"static inline int @_$_lookup(const struct @ *skel, const @_$_key *key, @_$_value *value,\n"
	"\tstruct skep_error *err)\n"
	"{\n"
	"\treturn skep_map_get(skel->maps.$, key, sizeof(*key), value, sizeof(*value), 0, err);\n"
	"}\n\n"
	"static inline int @_$_update(const struct @ *skel, const @_$_key *key,\n"
	"\tconst @_$_value *value, __u64 flags, struct skep_error *err)\n"
	"{\n"
	"\treturn skep_map_put(skel->maps.$, key, sizeof(*key), value, sizeof(*value), flags, err);\n"
	"}\n\n";

static const char cpu_functions[] =
	"/* The value of one CPU: there are skep_map_n_values(skel->maps.$) of them. */\n"
	"typedef struct {\n"
	"\t@_$_value value __attribute__((aligned(8)));\n"
	"} @_$_cell;\n\n"
	"static inline int @_$_lookup(const struct @ *skel, const @_$_key *key, @_$_cell *cells,\n"
	"\tsize_t n, struct skep_error *err)\n"
	"{\n"
	"\treturn skep_map_get(skel->maps.$, key, sizeof(*key), cells, n * sizeof(*cells), 0, err);\n"
	"}\n\n"
	"static inline int @_$_update(const struct @ *skel, const @_$_key *key,\n"
	"\tconst @_$_cell *cells, size_t n, __u64 flags, struct skep_error *err)\n"
	"{\n"
	"\treturn skep_map_put(skel->maps.$, key, sizeof(*key), cells, n * sizeof(*cells), flags,\n"
	"\t\terr);\n"
	"}\n\n";

static const char queue_functions[] =
	"static inline int @_$_push(const struct @ *skel, const @_$_value *value, __u64 flags,\n"
	"\tstruct skep_error *err)\n"
	"{\n"
	"\treturn skep_map_put(skel->maps.$, NULL, 0, value, sizeof(*value), flags, err);\n"
	"}\n\n"
	"static inline int @_$_peek(const struct @ *skel, @_$_value *value, struct skep_error *err)\n"
	"{\n"
	"\treturn skep_map_get(skel->maps.$, NULL, 0, value, sizeof(*value), 0, err);\n"
	"}\n\n";

static const char pop_function[] =
	"static inline int @_$_pop(const struct @ *skel, @_$_value *value, struct skep_error *err)\n"
	"{\n"
	"\treturn skep_map_take(skel->maps.$, NULL, 0, value, sizeof(*value), 0, err);\n"
	"}\n\n";

/* Elements without a type of their own: rings, file descriptors, tables for the kernel. */
static bool has_elements(const struct skep_map_spec *map)
{
	switch (map->type) {
	case BPF_MAP_TYPE_RINGBUF:
	case BPF_MAP_TYPE_USER_RINGBUF:
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_STRUCT_OPS:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
	case BPF_MAP_TYPE_STACK_TRACE:
	case SKEP_MAP_TYPE_ARENA:
		return false;
	default:
		return map->kind == SKEP_MAP_DEFINED;
	}
}

static void functions_of(struct skep_gen *gen, const struct skep_gen_map *map)
{
	const char *values = value_functions;

	switch (map->spec->type) {
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
	case BPF_MAP_TYPE_BLOOM_FILTER:
		if (map->has_value)
			skep_gen_put(gen, gen->out, queue_functions, map->ident);
		if (map->has_value && map->spec->type != BPF_MAP_TYPE_BLOOM_FILTER)
			skep_gen_put(gen, gen->out, pop_function, map->ident);
		return;
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
		values = cpu_functions;
		break;
	}
	if (!map->has_key)
		return;
	if (map->has_value)
		skep_gen_put(gen, gen->out, values, map->ident);
	skep_gen_put(gen, gen->out, key_functions, map->ident);
}

void skep_gen_map_functions(struct skep_gen *gen)
{
	for (size_t i = 0; i < gen->spec->n_maps; i++)
		if (has_elements(gen->maps[i].spec))
			functions_of(gen, &gen->maps[i]);
}
