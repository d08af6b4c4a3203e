/* SPDX-License-Identifier: MIT */
/*
 * skep/program.h - one program of a loaded object.
 *
 * Belongs to its object and lives as long. A program that was not loaded has fd -1 and, unless it
 * was switched off, an error that says why.
 */
#ifndef SKEP_PROGRAM_H
#define SKEP_PROGRAM_H

#include <skep/spec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_program;
struct skep_link; /* skep/link.h */

const char *skep_program_name(const struct skep_program *program);
/* What the file says of it; of NULL, an empty one. */
const struct skep_program_spec *skep_program_spec(const struct skep_program *program);

/* Its file descriptor, owned by the object; -1 when it is not loaded. */
int skep_program_fd(const struct skep_program *program);

/* Why it is not loaded or not attached; NULL when nothing went wrong. */
const struct skep_error *skep_program_error(const struct skep_program *program);

/* The link that skep_object_attach made for it, owned by the object; NULL when there is none. */
const struct skep_link *skep_program_link(const struct skep_program *program);

/* The verifier's log as text, "" when there is none. Valid as long as the object. */
const char *skep_program_log(const struct skep_program *program);

/* The instructions as given to the kernel, all references resolved; NULL before they were. */
const struct bpf_insn *skep_program_insns(const struct skep_program *program, size_t *n);

/*
 * skep_program_pin - gives the program the name @path in a BPF file system (/sys/fs/bpf), so that
 * it stays loaded when its process ends. A program that a pinned link runs needs no pin. EEXIST:
 * the name is taken; ENOENT: a folder is missing; EINVAL: there is no BPF file system (the hint is
 * the mount to make) or the name has a dot.
 */
int skep_program_pin(const struct skep_program *program, const char *path, struct skep_error *err);

/* Takes the name away. ENOENT: there is none; ESTALE: another program has it, and keeps it. */
int skep_program_unpin(const struct skep_program *program, const char *path,
		       struct skep_error *err);

/*
 * skep_program_open_pinned - the program that is pinned at @path, on its own: it can be run,
 * attached, put into links and pinned elsewhere, but has no instructions, log or source. @section
 * is the section name that it would have in a source ("cgroup_skb/egress",
 * "tp/sched/sched_switch"): the kernel tells a program's type, but not its attach type and target.
 * NULL: neither is needed, as for xdp. ENOENT: nothing is pinned there; EINVAL: it is no program,
 * or not of that section.
 */
struct skep_program *skep_program_open_pinned(const char *path, const char *section,
					      struct skep_error *err);

/* Closes what skep_program_open_pinned() opened. NULL, and programs of an object, are left alone.
 */
void skep_program_close(struct skep_program *program);

struct skep_program_run {
	size_t size;	     /* sizeof(struct skep_program_run) */
	const void *data_in; /* packet, or NULL */
	void *data_out;	     /* room for the packet afterwards, or NULL */
	const void *ctx_in;  /* context struct of the program's type, or NULL */
	void *ctx_out;
	uint32_t data_in_len, data_out_len; /* data_out_len: room; afterwards: bytes */
	uint32_t ctx_in_len, ctx_out_len;
	uint32_t repeat; /* 0 counts as 1 */
	uint32_t cpu;	 /* with flags BPF_F_TEST_RUN_ON_CPU */
	uint32_t flags;
	uint32_t retval;      /* what the program returned */
	uint32_t duration_ns; /* mean over the repeats */
};

/* Runs a program without attaching it (BPF_PROG_TEST_RUN; program types: see docs/features.md). */
int skep_program_test_run(const struct skep_program *program, struct skep_program_run *run,
			  struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
