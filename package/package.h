/* SPDX-License-Identifier: MIT */
/*
 * What a package holds, whichever format it came in: programs as objects, what may be set, how
 * its data reads, and what it says of itself. Plain data: reading it touches no kernel.
 *
 * Texts are the package's own and may hold anything but NUL: escape them before a terminal. NULL
 * stands for what is not said.
 */
#ifndef SKEP_PACKAGE_PACKAGE_H
#define SKEP_PACKAGE_PACKAGE_H

#include <skep/btf.h>
#include <skep/error.h>
#include <skep/sample.h>

#include "base/arena.h"
#include "base/vec.h"

/* The largest package, and the largest of anything in it once it is unpacked. */
#define SKEP_PACKAGE_MOST (256u << 20)

/* One object a machine; most packages have one for all. */
struct skep_package_object {
	const char *machine; /* as clang's __TARGET_ARCH_x86 has it, "x86"; NULL: any */
	bool is_big_endian;
	const void *data;
	size_t len;
};

/* A kernel's types for where the kernel has none, cut to what the objects need. */
struct skep_package_btf {
	const char *path; /* "ID/VERSION_ID/machine/release.btf", as BTFHub lays them out */
	const void *data;
	size_t len;
};

/* A global variable that the program's user may set. */
struct skep_package_option {
	const char *variable;
	const char *section;   /* ".rodata", ".bss", ".data" */
	const char *type;      /* in C, for people only: the object's BTF is the truth */
	const char *long_name; /* NULL: the variable's */
	const char *help;
	const char *default_value; /* as on the command line; NULL: what the object has */
	const char *value;	   /* set unless the user says otherwise */
	char short_name;	   /* 0: none */
};

struct skep_package_sample {
	enum skep_sample_kind kind;
	uint32_t interval_ms;
	const char *unit;
	bool clears; /* the map, each time it was read */
};

/* A record that is put together from places and types, where no struct describes it. */
struct skep_package_member {
	const char *name;
	uint32_t offset; /* bytes */
	uint32_t type_id;
};

enum skep_export_kind {
	SKEP_EXPORT_UNSAID, /* as the object's own types tell */
	SKEP_EXPORT_NONE,
	SKEP_EXPORT_VALUE_TYPE, /* of the map */
	SKEP_EXPORT_TYPE,	/* type_id */
	SKEP_EXPORT_MEMBERS,
};

/* Names of the members that make a record a stack. */
struct skep_package_stack {
	const char *pid, *cpu_id, *comm, *kstack_sz, *ustack_sz, *kstack, *ustack;
	bool with_symbols;
};

struct skep_package_map {
	const char *name;
	struct skep_package_sample sample;
	enum skep_export_kind export_kind;
	uint32_t type_id;
	struct skep_vec(struct skep_package_member) members;
	bool is_stack;
	struct skep_package_stack stack;
};

/* Where a program is attached, as far as its section's name does not tell. */
struct skep_package_program {
	const char *name;
	const char *section;
	bool has_ifindex;
	uint32_t ifindex, flags, handle, priority;
	const char *tc_point; /* "BPF_TC_INGRESS" */
};

struct skep_package_text_pair {
	const char *key, *value;
};

/* A struct that records may have. */
struct skep_package_export {
	const char *name;
	uint32_t type_id, size;
	struct skep_vec(struct skep_package_text_pair) members; /* name and type in C */
};

struct skep_package {
	struct skep_arena arena; /* texts and bytes */
	const char *name;	 /* "bootstrap" */
	const char *version, *brief, *details, *description, *licence;
	const char *readme; /* Markdown */
	struct skep_vec(struct skep_package_object) objects;
	struct skep_vec(struct skep_package_btf) btfs;
	struct skep_vec(struct skep_package_option) options;
	struct skep_vec(struct skep_package_map) maps;
	struct skep_vec(struct skep_package_program) programs;
	struct skep_vec(struct skep_package_export) exports;
	struct skep_vec(struct skep_package_text_pair) annotations; /* what else was said: kept */
	struct skep_vec(void *) blobs; /* malloc'ed bytes that things point into */
	const char *min_kernel;	       /* "5.8", for people */
	/* What it does not run without: "map:ringbuf", "program:xdp", "attach:...", "helper:..." */
	struct skep_vec(const char *) features;
	const void *wasm; /* a module that goes with it; NULL: none */
	size_t wasm_len;
	uint32_t poll_timeout_ms;   /* 100 unless it says otherwise */
	uint32_t perf_buffer_pages; /* 64 */
	bool has_multiple_exports;  /* each map tells its own type */
};

/* Frees what is in it. A zeroed one is empty. */
void skep_package_clear(struct skep_package *package);

#endif
