/* SPDX-License-Identifier: MIT */
/*
 * skep/doctor.h - what this machine can do for eBPF, what is missing, and what to do about it.
 *
 * Everything is found out as this process sees it: by reading what the kernel tells, and by trying
 * the smallest map and program of each type (as skep/probe.h does). Nothing is changed, nothing
 * stays. What cannot be seen, as without rights or without /sys, is unknown, and says so.
 *
 *	struct skep_doctor *doctor = skep_doctor_new(&err);
 *
 *	for (size_t i = 0; i < doctor->n_findings; i++)
 *		puts(doctor->findings[i].text);
 *	skep_doctor_free(doctor);
 *
 * Takes some milliseconds; as a process without rights, one.
 */
#ifndef SKEP_DOCTOR_H
#define SKEP_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <skep/error.h>

#ifdef __cplusplus
extern "C" {
#endif

enum skep_finding_state {
	SKEP_FINDING_GOOD,
	SKEP_FINDING_NOTE,    /* some things are not possible, or slower */
	SKEP_FINDING_MISSING, /* much is not possible */
	SKEP_FINDING_UNKNOWN, /* it could not be found out */
};

/* "good", "note", "missing", "unknown"; NULL for another number. */
const char *skep_finding_state_name(enum skep_finding_state state);

struct skep_finding {
	const char *area; /* "kernel", "rights", "mounts", "settings", "types", "modules" */
	const char *name; /* of what was looked at: "btf", "bpffs", "kernel.kptr_restrict" */
	enum skep_finding_state state;
	const char *text; /* a sentence without full stop */
	const char *fix;  /* what to do, "" when there is nothing */
};

struct skep_doctor {
	size_t size;	     /* sizeof(struct skep_doctor) of the library */
	bool can_load;	     /* a program of at least one type was loaded, and closed again */
	const char *verdict; /* in a sentence: what can be loaded, or why nothing can */
	const struct skep_finding *findings; /* by area */
	size_t n_findings;
};

/* NULL: ENOMEM. */
struct skep_doctor *skep_doctor_new(struct skep_error *err);
void skep_doctor_free(struct skep_doctor *doctor);

#ifdef __cplusplus
}
#endif

#endif
