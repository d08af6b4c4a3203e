/* SPDX-License-Identifier: MIT */
/*
 * skep/probe.h - what the running kernel can do, found out by asking it.
 *
 * Each question is answered by trying the smallest thing that needs it: a map is created, a program
 * loaded, and closed again. Nothing is attached where it would run, nothing stays, and nothing is
 * concluded from a version number. Nothing is kept either: a question asked twice is tried twice.
 *
 * "Yes" and "no" are what the kernel said. "Unknown" is when something stood in between, as
 * missing rights; the reason says what. Programs need none of this to load: skep_object_load tries
 * and explains.
 *
 *	struct skep_probe why = { .size = sizeof(why) };
 *
 *	if (skep_probe_map_type(BPF_MAP_TYPE_RINGBUF, &why) != SKEP_YES)
 *		printf("no ring buffer: %s\n", why.reason);
 *
 * All functions may be called from any thread. Cost: a few system calls, about 50 microseconds.
 */
#ifndef SKEP_PROBE_H
#define SKEP_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum skep_answer { SKEP_NO, SKEP_YES, SKEP_UNKNOWN };

struct skep_probe {
	size_t size;	  /* sizeof(struct skep_probe), set by the caller */
	int code;	  /* the errno that the kernel answered with, positive; 0: none */
	char reason[384]; /* why, in a sentence without full stop; "" for a plain yes */
};

/* The kernel's names in lower case: "socket_filter", "lru_hash", "cgroup_inet4_connect",
 * "map_lookup_elem". NULL for a number that has none. */
const char *skep_program_type_name(uint32_t type);
const char *skep_map_type_name(uint32_t type);
const char *skep_attach_type_name(uint32_t type);
const char *skep_helper_name(uint32_t helper);

/* A helper's number by its name, with or without "bpf_"; 0: no such helper. */
uint32_t skep_helper_id(const char *name);

/*
 * Types of programs (BPF_PROG_TYPE_*), maps (BPF_MAP_TYPE_*) and places to attach to (BPF_* of
 * enum bpf_attach_type). @why may be NULL in all that follows.
 *
 * Where a program type hangs on something of the kernel's, something that is nearly always there
 * is taken. Tracing is answered by tp_btf; fentry, fexit and fmod_ret are attach types.
 */
enum skep_answer skep_probe_program_type(uint32_t type, struct skep_probe *why);
enum skep_answer skep_probe_map_type(uint32_t type, struct skep_probe *why);
enum skep_answer skep_probe_attach_type(uint32_t type, struct skep_probe *why);

/*
 * skep_probe_helper - whether programs of a type may call a helper (BPF_FUNC_*). A yes may come
 * with a condition in the reason: "only in programs that may sleep". Some types offer different
 * helpers at different places to attach to; asked is where the type is used mostly.
 *
 * Asking for trace_printk, trace_vprintk or probe_write_user leaves a trace: the kernel switches
 * tracing of messages on, or writes a warning to its log.
 */
enum skep_answer skep_probe_helper(uint32_t program_type, uint32_t helper, struct skep_probe *why);

/* Called for each; a non-zero return ends it. */
typedef int (*skep_probe_helper_fn)(void *ctx, uint32_t program_type, uint32_t helper,
				    enum skep_answer answer, const struct skep_probe *why);

/*
 * skep_probe_helpers - the whole table: each program type that the kernel has with each helper.
 * For types that the kernel lacks, or that cannot be found out, @fn is called once with helper 0.
 * The three that leave traces are unknown unless @noisy. Some 5,000 loads: about 0.3 s.
 * Returns 0, or what @fn returned.
 */
int skep_probe_helpers(bool noisy, skep_probe_helper_fn fn, void *ctx);

/*
 * skep_probe_kfunc - whether programs of a type may call a kernel function by name. It is looked
 * for in the kernel and then in its modules. program_type 0: whether it exists at all.
 */
enum skep_answer skep_probe_kfunc(uint32_t program_type, const char *name, struct skep_probe *why);

enum skep_btf_feature {
	SKEP_BTF_ANY,		/* BTF at all (4.18) */
	SKEP_BTF_FUNC,		/* functions (5.0) */
	SKEP_BTF_DATASEC,	/* variables and sections (5.2) */
	SKEP_BTF_FUNC_GLOBAL,	/* linkage of functions (5.6) */
	SKEP_BTF_FLOAT,		/* 5.13 */
	SKEP_BTF_DECL_TAG,	/* 5.16 */
	SKEP_BTF_TYPE_TAG,	/* 5.17 */
	SKEP_BTF_ENUM64,	/* 6.0 */
	SKEP_BTF_ENUM_SIGNED,	/* the sign of enums (6.0) */
	SKEP_BTF_QUESTION_MARK, /* '?' in the names of sections (6.9) */
	SKEP_BTF_TAG_KFLAG,	/* attributes other than tags, by the kind flag of tags (6.15) */
	SKEP_N_BTF_FEATURES
};

enum skep_answer skep_probe_btf(enum skep_btf_feature feature, struct skep_probe *why);
const char *skep_btf_feature_name(enum skep_btf_feature feature); /* "decl_tag"; NULL: none */

enum skep_feature {
	SKEP_FEATURE_PROGRAM_NAME,  /* names of programs and maps (4.15) */
	SKEP_FEATURE_LARGE_PROGRAM, /* more than 4096 instructions (5.2) */
	SKEP_FEATURE_BOUNDED_LOOP,  /* 5.3 */
	SKEP_FEATURE_ISA_V2,	    /* jumps if lower (4.14) */
	SKEP_FEATURE_ISA_V3,	    /* 32-bit jumps (5.1) */
	SKEP_FEATURE_ISA_V4,	    /* sign extension, byte swap, long jumps (6.6) */
	SKEP_FEATURE_ATOMICS,	    /* atomic operations that return a value (5.12) */
	SKEP_FEATURE_GLOBAL_DATA,   /* maps as variables (5.2) */
	SKEP_FEATURE_MMAP,	    /* arrays as memory (5.5) */
	SKEP_FEATURE_BATCH,	    /* many elements a call (5.6) */
	SKEP_FEATURE_TOKEN,	    /* rights delegated by a token (6.9) */
	SKEP_FEATURE_TRAMPOLINE,    /* fentry, fexit, freplace, lsm, struct_ops are let through */
	SKEP_N_FEATURES
};

enum skep_answer skep_probe_feature(enum skep_feature feature, struct skep_probe *why);
const char *skep_feature_name(enum skep_feature feature); /* "isa_v4"; NULL: none */

#ifdef __cplusplus
}
#endif

#endif
