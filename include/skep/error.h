/* SPDX-License-Identifier: MIT */
/*
 * skep/error.h - what went wrong, where, why, and what to do about it.
 *
 * Every libskep function that can fail takes a `struct skep_error *err` as its last parameter and
 * returns 0 or a negative errno, or a pointer or NULL. The caller owns the struct, usually on the
 * stack, and may pass NULL when the return value is enough. Its texts are inside it: nothing to
 * free, nothing shared between threads, and it may be copied and kept.
 *
 *	struct skep_error err = { 0 };
 *	struct skep_spec *spec = skep_spec_open("open.bpf.o", NULL, &err);
 *	if (!spec) {
 *		skep_error_print(&err, stderr);
 *		return 1;
 *	}
 *
 * A call that succeeds leaves the struct as it was; one that fails overwrites it.
 */
#ifndef SKEP_ERROR_H
#define SKEP_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where on the road from file to record it happened. */
enum skep_stage {
	SKEP_STAGE_NONE,
	SKEP_STAGE_USAGE,   /* a wrong argument or option */
	SKEP_STAGE_BUILD,   /* compiling a .bpf.c */
	SKEP_STAGE_READ,    /* reading a file: ELF, BTF, maps, programs */
	SKEP_STAGE_RESOLVE, /* relocation against the target's BTF */
	SKEP_STAGE_LOAD,    /* creating maps, loading programs */
	SKEP_STAGE_ATTACH,
	SKEP_STAGE_RECEIVE, /* rings, buffers, schemas */
	SKEP_STAGE_DELIVER, /* sinks */
};

struct skep_error {
	int code; /* positive errno; 0: no error */
	enum skep_stage stage;
	char object[96];   /* the file or object, "open.bpf.o" */
	char subject[160]; /* the thing in it, "program 'trace_open' (kprobe/do_sys_openat2)" */
	char what[96];	   /* what happened to it, "refused by the verifier" */
	char source[128];  /* source position, "open.bpf.c:41"; may be empty */
	char cause[512];   /* why */
	char hint[384];	   /* what to do; may be empty */
	char log[4096];	   /* the last lines of the kernel's log; may be empty */
};

/* The stage's name as printed: "load". Never NULL. */
const char *skep_stage_name(enum skep_stage stage);

/*
 * skep_error_format - the message on one line, without newline:
 *
 *	load: program 'trace_open' (kprobe/do_sys_openat2) refused by the verifier at
 *	open.bpf.c:41: R1 may be NULL here; check the result of bpf_map_lookup_elem
 *
 * Writes at most @size bytes including the NUL and returns the length of the whole message, as
 * snprintf does. Control characters that came from a file or the kernel are written as \xNN.
 */
size_t skep_error_format(const struct skep_error *err, char *buf, size_t size);

/* Prints the message and a newline, then, if there is one, the log's lines indented by two. */
void skep_error_print(const struct skep_error *err, FILE *out);

/*
 * skep_error_json - the same for machines: one JSON object with the members stage, errno (a name
 * such as "EPERM"), object, subject, what, source, cause, hint, log; empty ones are left out.
 * Size and return value as skep_error_format.
 */
size_t skep_error_json(const struct skep_error *err, char *buf, size_t size);

/* The name of an errno value, "ENOENT"; "E?" for one without a name. Takes either sign. */
const char *skep_errno_name(int code);

#ifdef __cplusplus
}
#endif

#endif
