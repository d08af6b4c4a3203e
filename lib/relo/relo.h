/* SPDX-License-Identifier: MIT */
/*
 * From what the object says to the instructions that one kernel runs. Pure functions: they ask
 * nothing of the kernel but what they are given.
 */
#ifndef SKEP_RELO_RELO_H
#define SKEP_RELO_RELO_H

#include <skep/spec.h>

/* The verifier's own limit for privileged programs. */
#define SKEP_MAX_INSNS 1000000

/*
 * A program linked with every subprogram it can reach, calls resolved. References to maps, data
 * and externs are listed for the loader to fill in; CO-RE is applied.
 */
struct skep_code_piece {
	uint32_t function; /* index in spec->functions */
	uint32_t start;	   /* its first instruction in `insns` */
};

struct skep_code {
	struct bpf_insn *insns; /* owned */
	uint32_t n_insns;
	struct skep_code_piece *pieces; /* owned; pieces[0] is the program itself */
	size_t n_pieces;
};

/* What an extern of the kernel's turned out to be. */
enum skep_extern_how {
	SKEP_EXTERN_ABSENT,  /* 0 as an address; a call of it is poisoned */
	SKEP_EXTERN_ADDRESS, /* a symbol at an address */
	SKEP_EXTERN_IN_BTF,  /* a variable or function that the kernel knows by type id */
};

struct skep_extern_value {
	enum skep_extern_how how;
	uint64_t address;
	uint32_t type_id; /* in the kernel's BTF or, continued, in a module's */
	int btf_fd;	  /* of that module's BTF; 0: the kernel's */
	int16_t fd_index; /* of btf_fd in the fd_array of the program */
};

/* Which value each reference that is not inside the code gets. */
struct skep_relo_values {
	/* by index in spec->maps; -1: not created, the instruction is poisoned */
	const int *map_fds;
	/* by index in spec->externs; NULL: none of them is known, and only weak ones may be used */
	const struct skep_extern_value *externs;
};

/*
 * skep_code_link - collects the program's function and all it calls or points to into one run of
 * instructions and resolves calls among them. E2BIG over 1 M instructions.
 */
int skep_code_link(struct skep_code *code, const struct skep_spec *spec,
		   const struct skep_program_spec *program, struct skep_error *err);

/*
 * skep_code_core - applies the CO-RE relocations of all pieces against @target (libbpf.md 2.4 has
 * the rules). Instructions whose target is missing are poisoned (call SKEP_POISON_CORE), to be
 * refused only if the verifier reaches them. @cache keeps resolved relocations of one object.
 */
struct skep_core_cache;
struct skep_core_cache *skep_core_cache_new(void);
void skep_core_cache_free(struct skep_core_cache *cache);

/*
 * The BTF of module @i into *btf, NULL for one that cannot be read; 0 after the last. Modules are
 * searched for the types of which the target has none.
 */
typedef int (*skep_core_module_fn)(void *context, size_t i, const struct skep_btf **btf);
void skep_core_cache_set_modules(struct skep_core_cache *cache, skep_core_module_fn modules,
				 void *context);

int skep_code_core(struct skep_code *code, const struct skep_spec *spec,
		   const struct skep_btf *target, struct skep_core_cache *cache,
		   struct skep_error *err);

/*
 * Fills in map fds, data addresses and externs. Options (.kconfig) are places in their map's value.
 * EINVAL for a reference that leads out of it.
 */
int skep_code_values(struct skep_code *code, const struct skep_spec *spec,
		     const struct skep_relo_values *values, struct skep_error *err);

void skep_code_free(struct skep_code *code);

/* The function and its own instruction index behind instruction @insn of the linked code. */
const struct skep_function *skep_code_locate(const struct skep_code *code,
					     const struct skep_spec *spec, uint32_t insn,
					     uint32_t *local);

/* The line info at or before an instruction of the linked code; NULL when there is none. */
const struct skep_line *skep_code_line(const struct skep_code *code, const struct skep_spec *spec,
				       uint32_t insn);

/* True if any program that will be loaded has CO-RE relocations. */
bool skep_spec_needs_core(const struct skep_spec *spec);

/*
 * The names of the types that CO-RE relocations of @spec start from, for skep_btf_prefetch: each
 * once, pointing into the spec. Returns their number, or -ENOMEM. The caller frees *names.
 */
int64_t skep_core_root_names(const struct skep_spec *spec, const char ***names);

/*
 * What a poisoned instruction calls: helper numbers that no kernel has, so that the log of a
 * program that reaches one can be traced back (the values are those that libbpf uses).
 */
#define SKEP_POISON_CORE 195896080  /* 0xbad2310 */
#define SKEP_POISON_MAP	 2001000000 /* + index of the map */
#define SKEP_POISON_KSYM 2002000000 /* + index of the extern */

/*
 * What a poisoned instruction of the linked code was about, in words: "field task_struct.no_such
 * (offset) is not in the target". Returns what to do about it, or NULL if @insn is not poisoned.
 */
const char *skep_code_explain_poison(const struct skep_code *code, const struct skep_spec *spec,
				     uint32_t insn, struct skep_text *out);

#endif
