// SPDX-License-Identifier: MIT
/* What of the programs is attached, and why the rest is not. */
#include "cli/run/run.h"

#include <skep/link.h>

#include "base/cleanup.h"
#include "base/error.h"

/* Programs that were left out are named, each in a line, and the others go on. */
void run_report_left_out(const struct skep_object *object, bool at_attach)
{
	for (size_t i = 0; i < skep_object_n_programs(object); i++) {
		const struct skep_error *err =
			skep_program_error(skep_object_program_at(object, i));

		if (err && (err->stage == SKEP_STAGE_ATTACH) == at_attach)
			skep_error_print(err, stderr);
	}
}

/* Why the section's name is not enough, and what to give beside. */
static void report_waiting(const struct skep_program *program)
{
	const struct skep_program_spec *spec = skep_program_spec(program);
	SKEP_SCOPED(skep_text_free) struct skep_text advice = { 0 };
	struct skep_error err = { 0 };

	skep_link_close(skep_program_attach(program, &err));
	if (skep_attach_advice(spec, &advice)) {
		err.hint[0] = '\0';
		skep_error_add_hint(&err, "--attach %s:%s says it", spec->name,
				    skep_text_string(&advice));
	}
	skep_error_print(&err, stderr);
}

/* Programs that are loaded and wait for somebody to attach them: nobody will. */
bool run_is_attached(const struct skep_object *object, const struct skep_attach_plan *plan)
{
	size_t attached = skep_attach_plan_n_links(plan), waiting = 0;

	for (size_t i = 0; i < skep_object_n_programs(object); i++) {
		const struct skep_program *program = skep_object_program_at(object, i);

		attached += skep_program_link(program) != NULL;
		if (skep_program_link(program) || skep_program_fd(program) < 0 ||
		    !skep_program_spec(program)->attach || skep_program_error(program))
			continue;
		waiting++;
		report_waiting(program);
	}
	return attached || !waiting;
}
