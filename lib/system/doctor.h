/* SPDX-License-Identifier: MIT */
/* One examination: each area adds what it finds. */
#ifndef SKEP_SYSTEM_DOCTOR_H
#define SKEP_SYSTEM_DOCTOR_H

#include <skep/doctor.h>

#include "base/error.h"
#include "base/vec.h"
#include "kernel/rights.h"

struct skep_examination {
	struct skep_doctor doctor; /* what is handed out */
	struct skep_vec(struct skep_finding) findings;
	struct skep_rights rights;
	const char *area;
	char verdict[512];
	bool failed; /* out of memory */
};

/* Adds a finding of the present area; @fix NULL: nothing to do. Texts are copied. */
void skep_find(struct skep_examination *e, const char *name, enum skep_finding_state state,
	       const char *fix, const char *fmt, ...) SKEP_PRINTF(5, 6);

void skep_examine_kernel(struct skep_examination *e);
void skep_examine_config(struct skep_examination *e);
void skep_examine_rights(struct skep_examination *e);
void skep_examine_mounts(struct skep_examination *e);
void skep_examine_settings(struct skep_examination *e);
void skep_examine_types(struct skep_examination *e); /* and whether anything can be loaded */
void skep_examine_modules(struct skep_examination *e);

#endif
