// SPDX-License-Identifier: MIT
/* Any bytes as an object file: read, or refused with an error, and never more than that. */
#include <skep/spec.h>
#include <stdint.h>
#include <stdlib.h>

#include "elf/elf.h"
#include "fuzz/fuzz.h"

static void check_function(const struct skep_function *f)
{
	for (size_t i = 0; i < f->n_refs; i++)
		FUZZ_ASSERT(f->refs[i].insn < f->n_insns);
	for (size_t i = 0; i < f->n_core_relos; i++)
		FUZZ_ASSERT(f->core_relos[i].insn < f->n_insns && f->core_relos[i].access);
	for (size_t i = 0; i < f->n_lines; i++)
		FUZZ_ASSERT(f->lines[i].insn < f->n_insns);
}

static void check_global(struct skep_spec *spec, const struct skep_global_spec *g)
{
	struct skep_error err = { 0 };

	FUZZ_ASSERT(g->map < spec->n_maps);
	FUZZ_ASSERT((uint64_t)g->offset + g->size <= spec->maps[g->map]->data_size);
	skep_spec_parse_global(spec, g->name, "1", &err);
}

/* An array at the end may be cut, or grow. */
static void check_resize(struct skep_spec *spec, struct skep_map_spec *map)
{
	const uint32_t sizes[] = { map->data_size + 64, map->data_size / 2 };
	struct skep_error err = { 0 };

	for (size_t i = 0; i < 2 && map->kind == SKEP_MAP_DATA && map->data_size < 1 << 20; i++)
		skep_map_spec_resize(spec, map, sizes[i], &err);
	for (size_t i = 0; i < spec->n_globals; i++)
		check_global(spec, spec->globals[i]);
}

static void check_extern(const struct skep_spec *spec, const struct skep_extern_spec *e)
{
	if (e->kind != SKEP_EXTERN_KCONFIG)
		return;
	FUZZ_ASSERT(e->map < spec->n_maps && spec->maps[e->map]->kind == SKEP_MAP_KCONFIG);
	FUZZ_ASSERT((uint64_t)e->offset + e->size <= spec->maps[e->map]->value_size);
}

/* Without its debug information it is as good a file as before. */
static void check_strip(const uint8_t *data, size_t len)
{
	struct skep_text out = { 0 };
	struct skep_elf elf;

	if (!skep_elf_strip(data, len, &out, NULL)) {
		FUZZ_ASSERT(!skep_elf_read(&elf, out.data, out.len, NULL));
		skep_elf_free(&elf);
	}
	skep_text_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = skep_spec_read(data, len, NULL, &err);

	check_strip(data, len);
	if (!spec) {
		FUZZ_ASSERT(err.code);
		return 0;
	}
	for (size_t i = 0; i < spec->n_functions; i++)
		check_function(spec->functions[i]);
	for (size_t i = 0; i < spec->n_programs; i++)
		FUZZ_ASSERT(spec->programs[i]->function < spec->n_functions);
	for (size_t i = 0; i < spec->n_globals; i++)
		check_global(spec, spec->globals[i]);
	for (size_t i = 0; i < spec->n_maps && i < 16; i++)
		check_resize(spec, spec->maps[i]);
	for (size_t i = 0; i < spec->n_externs; i++)
		check_extern(spec, spec->externs[i]);
	skep_spec_free(spec);
	return 0;
}
