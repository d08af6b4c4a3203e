// SPDX-License-Identifier: MIT
/* What a kernel must have for an object: types of maps and programs, places, helpers. */
#include <errno.h>
#include <stdlib.h>

#include <skep/probe.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/building.h"

#define MAX_HELPER 4096

static int add(struct skep_building *b, const char *kind, const char *name)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	const char **slot;

	if (!name)
		return 0;
	skep_text_printf(&text, "%s:%s", kind, name);
	skep_text_string(&text);
	skep_vec_for_each(&b->package->features, feature)
		if (!strcmp(*feature, text.data))
			return 0;
	slot = skep_vec_push(&b->package->features);
	if (!slot)
		return skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	*slot = skep_build_text(b, text.data, text.len);
	return *slot ? 0 : -ENOMEM;
}

static int add_maps(struct skep_building *b)
{
	int ret = 0;

	for (size_t i = 0; i < b->spec->n_maps && !ret; i++)
		if (b->spec->maps[i]->kind != SKEP_MAP_DATA &&
		    b->spec->maps[i]->kind != SKEP_MAP_KCONFIG)
			ret = add(b, "map", skep_map_type_name(b->spec->maps[i]->type));
	return ret;
}

static int add_programs(struct skep_building *b)
{
	int ret = 0;

	for (size_t i = 0; i < b->spec->n_programs && !ret; i++) {
		const struct skep_program_spec *program = b->spec->programs[i];

		if (program->type == BPF_PROG_TYPE_UNSPEC)
			continue;
		ret = add(b, "program", skep_program_type_name(program->type));
		if (!ret && program->attach_type && !program->attach_type_optional)
			ret = add(b, "attach", skep_attach_type_name(program->attach_type));
	}
	return ret;
}

static bool is_helper_call(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg && insn->imm > 0 &&
	       insn->imm < MAX_HELPER;
}

static int add_helpers(struct skep_building *b)
{
	bool used[MAX_HELPER] = { false };
	int ret = 0;

	for (size_t i = 0; i < b->spec->n_functions; i++) {
		const struct skep_function *function = b->spec->functions[i];

		for (uint32_t k = 0; k < function->n_insns; k++)
			if (is_helper_call(&function->insns[k]))
				used[function->insns[k].imm] = true;
	}
	for (uint32_t i = 0; i < MAX_HELPER && !ret; i++)
		if (used[i])
			ret = add(b, "helper", skep_helper_name(i));
	return ret;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int skep_build_features(struct skep_building *b)
{
	int ret = add_maps(b) ?: add_programs(b) ?: add_helpers(b);

	if (!ret && b->package->features.len)
		qsort(b->package->features.items, b->package->features.len,
		      sizeof(*b->package->features.items), compare);
	return ret;
}
