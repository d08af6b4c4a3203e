/* SPDX-License-Identifier: MIT */
/*
 * skep/explain.h - verifier logs from anywhere, in plain words.
 *
 * The text may be what libbpf, bpftool, tc, cilium/ebpf or Aya printed, a kernel log, a mail: what
 * stands before each line of the log (times, names, indentation, colours) is passed over, and a
 *text may have the logs of several programs.
 *
 *	struct skep_explain *explain = skep_explain_new(text, len, NULL, &err);
 *	struct skep_explanation why = { .size = sizeof(why) };
 *
 *	while ((ret = skep_explain_next(explain, &why, &err)) > 0)
 *		skep_error_print(&why.error, stdout);
 *	skep_explain_free(explain);
 *
 * Nothing is asked of the kernel.
 */
#ifndef SKEP_EXPLAIN_H
#define SKEP_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <skep/error.h>
#include <skep/spec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_explain_opts {
	size_t size; /* sizeof(struct skep_explain_opts) */
	/*
	 * The object that was refused, for source lines that the log does not quote and for what
	 * its license says; or NULL. It must be open until skep_explain_free().
	 */
	const struct skep_spec *spec;
	const char *program; /* which of its programs, if the text does not name it; or NULL */
};

struct skep_explanation {
	size_t size;	   /* sizeof(struct skep_explanation), set by the caller */
	bool is_accepted;  /* the log is that of a program that the verifier took; no error then */
	char program[128]; /* as the text calls it, or "" */
	/*
	 * As of a program that skep_object_load() could not load: where in the source, why, what to
	 * do, and the log's last lines.
	 */
	struct skep_error error;
	char quote[128];    /* the line of the source, or "" */
	int64_t insn;	    /* the instruction; -1: it is about the program as a whole */
	char code[96];	    /* that instruction as the log has it, or "" */
	uint64_t looked_at; /* instructions that the verifier went through; 0: not told */
};

struct skep_explain;

/* The text is copied. ENOMEM; EINVAL: opts.program is none of the object's. */
struct skep_explain *skep_explain_new(const char *text, size_t len,
				      const struct skep_explain_opts *opts, struct skep_error *err);

/* The next log of the text: 1, 0 when there is none (any more), or a negative errno. */
int skep_explain_next(struct skep_explain *explain, struct skep_explanation *why,
		      struct skep_error *err);

void skep_explain_free(struct skep_explain *explain);

#ifdef __cplusplus
}
#endif

#endif
