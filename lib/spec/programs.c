// SPDX-License-Identifier: MIT
/* Programs: the global functions in sections that are not .text. */
#include <errno.h>
#include <string.h>

#include "spec/reader.h"

static bool is_program(const struct skep_function *f)
{
	return f->is_global && strncmp(f->section, ".text", 5);
}

static void apply(struct skep_program_spec *p, const struct skep_section_kind *kind)
{
	p->type = kind->type;
	p->attach_type = kind->attach_type;
	p->attach_type_optional = kind->attach_optional;
	p->needs_attach_btf = kind->attach_btf;
	p->flags = kind->flags;
	p->target = kind->target;
	p->load = kind->load;
	p->note = kind->note;
}

static int add_program(struct skep_reader *r, uint32_t function)
{
	const struct skep_function *f = r->spec->functions[function];
	struct skep_program_spec *p = skep_arena_alloc(r->arena, 1, sizeof(*p));
	struct skep_section_kind kind;

	if (!p)
		return skep_reader_nomem(r);
	if (!skep_section_parse(f->section, &kind)) {
		kind.load = false;
		kind.note = "the section's name is unknown: the program is left out";
	}
	apply(p, &kind);
	p->name = f->name;
	p->section = f->section;
	p->function = function;
	p->attach = true;
	r->spec->programs[r->spec->n_programs++] = p;
	return 0;
}

int skep_read_programs(struct skep_reader *r)
{
	struct skep_spec *spec = r->spec;

	spec->programs = skep_arena_alloc(r->arena, spec->n_functions, sizeof(*spec->programs));
	if (!spec->programs)
		return skep_reader_nomem(r);
	for (uint32_t i = 0; i < spec->n_functions; i++) {
		int ret = is_program(spec->functions[i]) ? add_program(r, i) : 0;

		if (ret)
			return ret;
	}
	return 0;
}

int skep_program_spec_target(struct skep_spec *spec, struct skep_program_spec *program,
			     const char *target)
{
	struct skep_spec_impl *impl = (void *)spec;
	char *copy = NULL;

	if (!spec || !program)
		return -EINVAL;
	if (target) {
		copy = skep_arena_string(&impl->arena, target, strlen(target));
		if (!copy)
			return -ENOMEM;
	}
	program->target = copy;
	return 0;
}

int skep_program_spec_target_program(struct skep_spec *spec, struct skep_program_spec *program,
				     int fd, const char *function)
{
	if (!program)
		return -EINVAL;
	if (fd < 0)
		return -EBADF;
	program->target_fd = fd;
	return skep_program_spec_target(spec, program, function);
}

int skep_program_spec_section(struct skep_spec *spec, struct skep_program_spec *program,
			      const char *section, struct skep_error *err)
{
	struct skep_spec_impl *impl = (void *)spec;
	struct skep_section_kind kind;
	char *copy;

	if (!spec || !program || !section)
		return skep_error_null(err, SKEP_STAGE_USAGE,
				       !spec	? "spec" :
				       !program ? "program" :
						  "section");
	copy = skep_arena_string(&impl->arena, section, strlen(section));
	if (!copy)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	if (!skep_section_parse(copy, &kind)) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			       "'%s' is no section name of a program", section);
		skep_error_add_subject(err, "program '%s'", program->name);
		return -EINVAL;
	}
	apply(program, &kind);
	program->section = copy;
	return 0;
}
