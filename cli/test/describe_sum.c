// SPDX-License-Identifier: MIT
/* Values that each CPU has for itself, added up number by number. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "cli/test/describe_run.h"

#define MAX_DEPTH 32

/* How many bytes each number has that a type is made of; 0: they differ, or it has others. */
static uint32_t unit_of(const struct skep_btf *btf, uint32_t type_id, unsigned int depth)
{
	const struct btf_type *t = skep_btf_type(btf, skep_btf_resolve(btf, type_id));
	uint32_t unit = 0;

	if (!t || depth == MAX_DEPTH)
		return 0;
	switch (skep_btf_kind(t)) {
	case BTF_KIND_INT:
		return t->size <= 8 ? t->size : 0;
	case BTF_KIND_ARRAY:
		return unit_of(btf, skep_btf_array(t)->type, depth + 1);
	case BTF_KIND_STRUCT:
		for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
			const struct btf_member *m = &skep_btf_members(t)[i];
			uint32_t of_member = unit_of(btf, m->type, depth + 1);

			/* Bit-fields are within the numbers that hold them. */
			if (!of_member || (unit && of_member != unit) ||
			    m->offset % (8 * of_member))
				return 0;
			unit = of_member;
		}
		return unit;
	default:
		return 0;
	}
}

static void add(uint8_t *sum, const uint8_t *value, uint32_t unit)
{
	uint64_t a = 0, b = 0;
	size_t skipped = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? sizeof(a) - unit : 0;

	memcpy((uint8_t *)&a + skipped, sum, unit);
	memcpy((uint8_t *)&b + skipped, value, unit);
	a += b;
	memcpy(sum, (uint8_t *)&a + skipped, unit);
}

int described_sum(const struct run *r, const struct slice *at, uint8_t *values, uint8_t *sum,
		  struct skep_error *err)
{
	const struct skep_map_spec *spec = skep_map_spec(r->map);
	uint32_t unit = unit_of(r->spec->btf, spec->value_type_id, 0);

	if (!unit)
		return describe_refuse(r->d, at, NULL, err,
				       "'%s' has values for each CPU, which are added up only if "
				       "they are made of integers of one size",
				       spec->name);
	memset(sum, 0, spec->value_size);
	for (size_t i = 0; i < skep_map_n_values(r->map); i++) {
		const uint8_t *value = skep_map_value_at(r->map, values, i);

		for (uint32_t k = 0; k + unit <= spec->value_size; k += unit)
			add(sum + k, value + k, unit);
	}
	return 0;
}
