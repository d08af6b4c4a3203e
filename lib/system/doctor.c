// SPDX-License-Identifier: MIT
#include "system/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *skep_finding_state_name(enum skep_finding_state state)
{
	static const char *const names[] = { "good", "note", "missing", "unknown" };

	return (unsigned int)state < sizeof(names) / sizeof(names[0]) ? names[state] : NULL;
}

void skep_find(struct skep_examination *e, const char *name, enum skep_finding_state state,
	       const char *fix, const char *fmt, ...)
{
	struct skep_finding *finding = skep_vec_push(&e->findings);
	char text[1024];
	va_list args;

	if (!finding) {
		e->failed = true;
		return;
	}
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	*finding = (struct skep_finding){ .area = e->area,
					  .name = strdup(name),
					  .state = state,
					  .text = strdup(text),
					  .fix = strdup(fix ?: "") };
	e->failed |= !finding->name || !finding->text || !finding->fix;
}

struct skep_doctor *skep_doctor_new(struct skep_error *err)
{
	struct skep_examination *e = calloc(1, sizeof(*e));

	if (!e) {
		skep_error_nomem(err, SKEP_STAGE_LOAD);
		return NULL;
	}
	skep_rights_read(&e->rights);
	skep_examine_kernel(e);
	skep_examine_config(e);
	skep_examine_rights(e);
	skep_examine_mounts(e);
	skep_examine_settings(e);
	skep_examine_modules(e);
	skep_examine_types(e);
	e->doctor.size = sizeof(e->doctor);
	e->doctor.verdict = e->verdict;
	e->doctor.findings = e->findings.items;
	e->doctor.n_findings = e->findings.len;
	if (!e->failed)
		return &e->doctor;
	skep_doctor_free(&e->doctor);
	skep_error_nomem(err, SKEP_STAGE_LOAD);
	return NULL;
}

void skep_doctor_free(struct skep_doctor *doctor)
{
	/* The first member. */
	struct skep_examination *e = (struct skep_examination *)doctor;

	if (!e)
		return;
	skep_vec_for_each(&e->findings, finding) {
		free((char *)finding->name);
		free((char *)finding->text);
		free((char *)finding->fix);
	}
	skep_vec_free(&e->findings);
	free(e);
}
