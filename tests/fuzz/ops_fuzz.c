// SPDX-License-Identifier: MIT
/*
 * Any bytes as an object file whose tables of functions are converted to each struct that the file
 * itself describes: the outcome lies in the target, or there is an error.
 */
#include <stdint.h>
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "load/struct_ops.h"

/* Structs tried one by one, so that an input takes milliseconds. */
#define MAX_TYPES 60

static void convert(const struct skep_spec *spec, const struct skep_map_spec *map, uint32_t id)
{
	int64_t size = skep_btf_sizeof(spec->btf, id);
	struct skep_ops_conversion c = {
		.from = spec->btf, .to = spec->btf, .map = map, .to_id = id
	};
	struct skep_error err = { 0 };

	if (size <= 0 || size > 1 << 16)
		return;
	c.out_size = (size_t)size;
	c.out = calloc(1, c.out_size);
	c.calls = calloc(map->n_ops + 1, sizeof(*c.calls));
	FUZZ_ASSERT(c.out && c.calls);
	FUZZ_ASSERT(!skep_ops_convert(&c, &err) || err.code);
	FUZZ_ASSERT(c.n_calls <= map->n_ops);
	for (size_t i = 0; i < c.n_calls; i++)
		FUZZ_ASSERT(c.calls[i].offset + sizeof(uint64_t) <= c.out_size);
	free(c.out);
	free(c.calls);
}

static void convert_to_all(const struct skep_spec *spec, const struct skep_map_spec *map)
{
	uint32_t n = skep_btf_count(spec->btf), tried = 0;

	for (size_t i = 0; i < map->n_ops; i++) {
		FUZZ_ASSERT(map->ops[i].program < spec->n_programs);
		FUZZ_ASSERT(map->ops[i].offset + sizeof(uint64_t) <= map->value_size);
	}
	for (uint32_t id = 1; id < n && tried < MAX_TYPES; id++) {
		if (skep_btf_kind(skep_btf_type(spec->btf, id)) != BTF_KIND_STRUCT)
			continue;
		tried++;
		convert(spec, map, id);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = skep_spec_read(data, len, NULL, &err);

	for (size_t i = 0; spec && i < spec->n_maps; i++)
		if (spec->maps[i]->kind == SKEP_MAP_STRUCT_OPS)
			convert_to_all(spec, spec->maps[i]);
	skep_spec_free(spec);
	return 0;
}
