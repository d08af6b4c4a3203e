// SPDX-License-Identifier: MIT
/* What is in the kernel once all is attached. */
#include <skep/link.h>
#include <skep/link_info.h>
#include <skep/probe.h>
#include <skep/system.h>

#include "base/cleanup.h"
#include "base/readable.h"
#include "cli/run/run.h"

SKEP_DEFINE_SCOPED(program_view, struct skep_system_program, skep_system_program_free)

static void begin_line(struct skep_text *out, const char *what, const char *name)
{
	skep_text_str(out, what);
	skep_text_escaped(out, name, strlen(name));
	skep_text_lit(out, "': ");
}

static void write_map(struct skep_text *out, const struct skep_map *map)
{
	struct skep_map_info info = { .size = sizeof(info) };

	if (skep_map_info(map, &info, NULL))
		return;
	begin_line(out, "map '", skep_map_name(map));
	skep_text_printf(out, "%s, id %u, keys of %u and values of %u bytes, at most %u",
			 skep_map_type_name(info.type) ?: "of an unknown type", info.id,
			 info.key_size, info.value_size, info.max_entries);
	if (info.memory) {
		skep_text_lit(out, ", ");
		skep_write_size(info.memory, out);
	}
	skep_text_char(out, '\n');
}

/* Attached by its section's name, or where the command line or the package says. */
static void write_link(struct skep_text *out, const struct run *run,
		       const struct skep_program *program)
{
	const struct skep_link *link =
		skep_program_link(program) ?:
			skep_attach_plan_link(run->plan, skep_program_name(program));
	struct skep_link_info info = { .size = sizeof(info) };

	if (!link)
		return;
	begin_line(out, "program '", skep_program_name(program));
	skep_text_lit(out, "attached, ");
	skep_text_escaped(out, skep_link_label(link), strlen(skep_link_label(link)));
	if (!skep_link_info(link, &info, NULL)) {
		if (info.id)
			skep_text_printf(out, ", link %u", info.id);
		skep_link_info_free(&info);
	}
	skep_text_char(out, '\n');
}

static void write_program(struct skep_text *out, const struct run *run,
			  const struct skep_program *program)
{
	SKEP_SCOPED(skep_scoped_program_view)
	struct skep_system_program *view =
		skep_program_fd(program) < 0 ?
			NULL :
			skep_system_program_read(skep_program_fd(program), 0, NULL);

	if (!view)
		return;
	begin_line(out, "program '", skep_program_name(program));
	skep_text_printf(out, "%s, id %u, %u instructions",
			 skep_program_type_name(view->type) ?: "of an unknown type", view->id,
			 view->xlated_len / 8);
	if (view->verified_insns)
		skep_text_printf(out, " (the verifier looked at %u)", view->verified_insns);
	if (view->jited_len)
		skep_text_printf(out, ", %u bytes of machine code", view->jited_len);
	skep_text_char(out, '\n');
	write_link(out, run, program);
}

void run_print_objects(const struct run *run, const struct skep_object *object)
{
	SKEP_SCOPED(skep_text_free) struct skep_text out = { 0 };

	skep_text_str(&out, run->btf ?
				    "types of the kernel: those that came with it or by --btf\n" :
				    "types of the kernel: its own\n");
	for (size_t i = 0; i < skep_object_n_maps(object); i++)
		write_map(&out, skep_object_map_at(object, i));
	for (size_t i = 0; i < skep_object_n_programs(object); i++)
		write_program(&out, run, skep_object_program_at(object, i));
	fwrite(out.data, 1, out.len, stderr);
}
