// SPDX-License-Identifier: MIT
/* From a program of the spec to the instructions that this kernel runs. */
#include "load/object.h"

#include <stdlib.h>

#include "base/error.h"
#include "btf/index.h"
#include "kernel/kallsyms.h"

/* How much code an object's programs may have, by its size, and in any case. */
#define CODE_GROWTH 16
#define CODE_LEAST  (1u << 20)

/* The map that an instruction refers to, or NULL. */
static const struct skep_map *map_of(const struct skep_object *object, const struct skep_ref *ref)
{
	const struct skep_extern_spec *e;

	if (ref->kind == SKEP_REF_MAP || ref->kind == SKEP_REF_DATA)
		return &object->maps[ref->index];
	if (ref->kind != SKEP_REF_EXTERN)
		return NULL;
	e = object->spec->externs[ref->index];
	return e->kind == SKEP_EXTERN_KCONFIG ? &object->maps[e->map] : NULL;
}

/* Why the extern that an instruction refers to cannot be resolved, or NULL. */
static const struct skep_error *extern_error(const struct skep_object *object,
					     const struct skep_ref *ref)
{
	if (ref->kind != SKEP_REF_EXTERN && ref->kind != SKEP_REF_KFUNC)
		return NULL;
	return skep_extern_error(object, ref->index);
}

/* A map or extern that failed takes along the programs that use it, with its own message. */
static const struct skep_error *failed_thing(const struct skep_program *program, bool *is_map)
{
	const struct skep_object *object = program->object;

	for (size_t p = 0; p < program->code.n_pieces; p++) {
		const struct skep_function *f =
			object->spec->functions[program->code.pieces[p].function];

		for (size_t r = 0; r < f->n_refs; r++) {
			const struct skep_ref *ref = &f->refs[r];

			const struct skep_map *map = map_of(object, ref);

			*is_map = map && map->error;
			if (*is_map)
				return map->error;
			if (extern_error(object, ref))
				return extern_error(object, ref);
		}
	}
	return NULL;
}

static bool needs_core(const struct skep_program *program)
{
	for (size_t p = 0; p < program->code.n_pieces; p++) {
		uint32_t function = program->code.pieces[p].function;

		if (program->object->spec->functions[function]->n_core_relos)
			return true;
	}
	return false;
}

static int relocate_core(struct skep_program *program, struct skep_error *err)
{
	struct skep_object *object = program->object;
	const struct skep_error *why = object->no_btf;

	if (!needs_core(program))
		return 0;
	if (object->target)
		return skep_code_core(&program->code, object->spec, object->target, object->core,
				      err);
	skep_error_set(err, SKEP_STAGE_RESOLVE, why ? why->code : ENOENT,
		       "its field accesses are relocated against the kernel's BTF: %s",
		       why ? why->cause : "there is none");
	skep_error_add_hint(err, "the kernel must be built with CONFIG_DEBUG_INFO_BTF, or its BTF "
				 "be given as a file");
	return why ? -why->code : -ENOENT;
}

/* The fd of a map, or one that stands for it while it is still to be created. */
static int fd_of(const struct skep_map *map, bool early)
{
	return early && map->spec->create ? 0 : map->fd;
}

static int fill_values(struct skep_program *program, bool early, struct skep_error *err)
{
	struct skep_object *object = program->object;
	struct skep_relo_values values = { 0 };
	int *fds = malloc((object->n_maps + 1) * sizeof(*fds));
	int ret;

	if (!fds)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	for (size_t i = 0; i < object->n_maps; i++)
		fds[i] = fd_of(&object->maps[i], early);
	values.map_fds = fds;
	values.externs = object->extern_values;
	ret = skep_code_values(&program->code, object->spec, &values, err);
	free(fds);
	return ret;
}

/* The address of a function that was found in BTF, by the name that it has there. */
static int address_of(const struct skep_object *object, size_t i, uint64_t *address)
{
	const char *name = object->spec->externs[i]->name;
	char copy[512];
	int len = snprintf(copy, sizeof(copy), "%.*s", (int)skep_btf_essential_len(name), name);

	return len < (int)sizeof(copy) ? skep_kallsyms_find(copy, address, NULL) : -ENAMETOOLONG;
}

static bool is_function_in_btf(const struct skep_object *object, const struct skep_ref *ref)
{
	return ref->kind == SKEP_REF_EXTERN && object->spec->externs[ref->index]->is_function &&
	       object->extern_values[ref->index].how == SKEP_EXTERN_IN_BTF;
}

int skep_program_set_addresses(struct skep_program *program)
{
	const struct skep_object *object = program->object;
	int n = 0;

	for (size_t p = 0; p < program->code.n_pieces; p++) {
		const struct skep_code_piece *piece = &program->code.pieces[p];
		const struct skep_function *f = object->spec->functions[piece->function];

		for (size_t r = 0; r < f->n_refs; r++) {
			struct bpf_insn *insn =
				&program->code.insns[piece->start + f->refs[r].insn];
			uint64_t address;
			int ret;

			if (!is_function_in_btf(object, &f->refs[r]))
				continue;
			ret = address_of(object, f->refs[r].index, &address);
			if (ret)
				return ret;
			insn[0].src_reg = 0;
			insn[0].imm = (int32_t)address;
			insn[1].imm = (int32_t)(address >> 32);
			n++;
		}
	}
	return n;
}

static int without(const struct skep_error *why, bool is_map, struct skep_error *err)
{
	skep_error_set(err, why->stage, why->code,
		       is_map ? "its %s could not be created: %s" : "its %s: %s", why->subject,
		       why->cause);
	skep_error_add_hint(err, "%s", why->hint);
	return -why->code;
}

/*
 * Programs that share their subprograms have a copy each: an object of many small ones that call a
 * large one would take the square of its size.
 */
static int check_size(const struct skep_program *program, struct skep_error *err)
{
	struct skep_object *object = program->object;
	size_t limit = object->spec->n_bytes * CODE_GROWTH + CODE_LEAST;

	object->code_len += (size_t)program->code.n_insns * sizeof(struct bpf_insn);
	if (object->code_len <= limit)
		return 0;
	return skep_error_set(err, SKEP_STAGE_RESOLVE, E2BIG,
			      "the object's programs have more than %zu bytes of code together, "
			      "%d times its size",
			      limit, CODE_GROWTH);
}

int skep_program_resolve_early(struct skep_program *program, struct skep_error *err)
{
	return skep_code_link(&program->code, program->object->spec, program->spec, err) ?:
		       relocate_core(program, err)					 ?:
		       fill_values(program, true, err)					 ?:
		       skep_program_make_tables(program, true, err);
}

int skep_program_resolve(struct skep_program *program, struct skep_error *err)
{
	const struct skep_error *why;
	bool is_map;
	int ret = skep_code_link(&program->code, program->object->spec, program->spec, err);

	if (!ret)
		ret = check_size(program, err);
	if (ret) {
		skep_code_free(&program->code);
		return ret;
	}
	why = failed_thing(program, &is_map);
	if (why)
		return without(why, is_map, err);
	return relocate_core(program, err)		?:
		       fill_values(program, false, err) ?:
		       skep_program_make_tables(program, false, err);
}
