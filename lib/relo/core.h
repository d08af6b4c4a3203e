/* SPDX-License-Identifier: MIT */
/*
 * CO-RE: what a relocation names in the object's BTF is looked for in the target's, and the
 * instruction gets the target's number. The rules are libbpf's, so that an object means the same
 * to both; docs/core.md lists them.
 */
#ifndef SKEP_RELO_CORE_H
#define SKEP_RELO_CORE_H

#include <skep/spec.h>

#include "base/arena.h"
#include "base/hash.h"
#include "relo/relo.h"

#define CORE_MAX_STEPS 64
#define CORE_MAX_DEPTH 32

/*
 * Members looked at for one answer. Types that contain each other many times over would keep a
 * walk of the allowed depth busy for ever; no real type comes near.
 */
#define CORE_MAX_WORK (1u << 22)

/* One step of an access: a member by name, or an array element (name NULL). */
struct core_step {
	uint32_t type_id; /* a member: the struct it is in; an element: its type */
	uint32_t index;
	const char *name;
};

/* An access such as task->mm->flags, in one BTF. */
struct core_path {
	const struct skep_btf *btf;
	uint32_t root;
	enum bpf_core_relo_kind kind;
	struct core_step steps[CORE_MAX_STEPS];
	uint32_t n_steps;
	uint32_t bit_offset;
	uint32_t work; /* members looked at */
};

/* What an instruction holds and what it should. */
struct core_value {
	uint64_t local, target;
	uint32_t local_size, target_size; /* of the field, 0 where it does not matter */
	uint32_t local_type, target_type; /* of the field */
	bool poison;			  /* the target has it not */
	bool unchecked;			  /* the local value is not what the compiler wrote */
	bool size_differs;		  /* and a load of the other size would not mean the same */
};

/* The types of the target that one local type may be; those that never match are dropped. */
struct core_candidate {
	const struct skep_btf *btf;
	uint32_t id;
};

struct core_candidates {
	struct core_candidate *list;
	size_t n;
};

struct skep_core_cache {
	struct skep_arena arena;
	struct skep_hash candidates; /* by local type id */
	struct skep_hash values;     /* by type, access and kind */
	skep_core_module_fn modules; /* what else is searched; or NULL */
	void *context;
};

bool core_is_field(enum bpf_core_relo_kind kind);
bool core_is_type(enum bpf_core_relo_kind kind);
bool core_is_enumerator(enum bpf_core_relo_kind kind);

/* True for kinds that may stand for each other: the same, or both enums. */
bool core_kinds_fit(const struct btf_type *a, const struct btf_type *b);

/* Walks the access string of a relocation through the object's BTF. */
int core_path_parse(struct core_path *path, const struct skep_btf *btf,
		    const struct skep_core_relo *relo, struct skep_error *err);

/* One more step; false if there are too many. */
bool core_path_push(struct core_path *path, uint32_t type_id, uint32_t index, const char *name);

/* A step into the array @t, and into *@next the type of its elements; false if it ends before. */
bool core_path_element(struct core_path *path, const struct btf_type *t, uint32_t index,
		       uint32_t *next);

const char *core_member_name(const struct skep_btf *btf, const struct btf_member *m);

/* Walks the same access in the target, from the type @root: 1 found, 0 not, or -errno. */
int core_path_match(const struct core_path *local, const struct skep_btf *target, uint32_t root,
		    struct core_path *found);

/* Whether two types are the same by the loose rules (exists) and by the strict ones (matches). */
bool core_types_fit(const struct skep_btf *local, uint32_t local_id, const struct skep_btf *target,
		    uint32_t target_id);
bool core_types_match(const struct skep_btf *local, uint32_t local_id,
		      const struct skep_btf *target, uint32_t target_id);

/* True if the names are the same without their flavors. */
bool core_names_fit(const char *a, const char *b);

/* The numbers for an access; @target is NULL when the target has it not. 0 or -E2BIG, -EINVAL. */
int core_value_of(const struct core_path *local, const struct core_path *target,
		  struct core_value *value);

/* Writes the value into an instruction (and the next one of an ld_imm64). */
int core_patch(struct bpf_insn *insn, bool has_next, const struct core_value *value,
	       struct skep_error *err);

/* "field task_struct.mm (offset)", in words, for messages. */
void core_describe(const struct core_path *path, struct skep_text *out);

#endif
