/* SPDX-License-Identifier: MIT */
/*
 * What an object is made of while it is loaded; load/ fills it in this order:
 *
 *	object BTF -> kernel BTF (one walk for all names) -> maps -> programs -> program slots
 *
 * bpf(2) calls when nothing needs a fallback: one for the BTF, one a map, one a program, two more
 * for each map of constants (their values, freezing), and one for each map in map (its inner
 * template) and each slot that the source fills. Other data maps are filled through a mapping.
 */
#ifndef SKEP_LOAD_OBJECT_H
#define SKEP_LOAD_OBJECT_H

#include <skep/object.h>

#include "base/sha256.h"
#include "kernel/modules.h"
#include "kernel/uapi.h"
#include "load/btf_ctx.h"
#include "map/map.h"
#include "relo/relo.h"

struct skep_program {
	struct skep_object *object;
	const struct skep_program_spec *spec;
	int fd;
	struct skep_code code;
	struct skep_error *error;
	char *log;
	struct skep_link *link;
	int *table_fds; /* of its jump tables, while the object is loaded */
	size_t n_tables;
};

struct skep_object {
	struct skep_spec *spec;
	struct skep_object_opts opts;
	struct skep_map *maps;
	size_t n_maps;
	struct skep_program *programs;
	size_t n_programs;

	struct skep_btf_ctx ctx;       /* what the object's BTF has more than the file's */
	int btf_fd;		       /* the object's BTF in the kernel, or -1 */
	int token_fd;		       /* rights that were delegated, or -1 */
	struct skep_error *btf_error;  /* why the kernel refused it */
	const struct skep_btf *kernel; /* where hooks are looked up; or NULL */
	const struct skep_btf *target; /* what CO-RE relocates against; or NULL */
	struct skep_error *no_btf;     /* why one of those is missing */
	struct skep_core_cache *core;
	const char **core_roots; /* the names of the types that relocations start from */
	size_t n_core_roots;

	/* load/externs.c; by index in spec->externs, NULL when there are none */
	struct skep_extern *externs;
	struct skep_extern_value *extern_values;
	uint8_t *kconfig;	     /* the value of the map .kconfig; or NULL */
	struct skep_modules modules; /* whose BTF was looked at */
	int *fd_array;		     /* of the modules that programs call; [0] stands for none */
	size_t n_fds;

	size_t code_len; /* bytes of all programs' code up to now */

	bool is_prepared; /* in two steps: what loading needs stays until it is closed */
	bool is_loaded;

	/* Of a program that stands alone: freed with the object. */
	void *own_spec;

	/*
	 * Set by skep_object_attach() so that closing detaches: link/ stands above load/, which
	 * therefore cannot name it.
	 */
	void (*detach)(struct skep_object *object);
};

/* An object of the spec's maps and programs, none of them in the kernel yet. NULL: no memory. */
struct skep_object *skep_object_new(struct skep_spec *spec, const struct skep_object_opts *opts);

/* load/btf.c: loads the object's BTF. A refusal is no failure: it is kept in btf_error. */
void skep_object_load_btf(struct skep_object *object);

/* The bytes of the spec's BTF as the kernel takes them; malloc'ed. NULL: no memory. */
void *skep_btf_mend(const struct skep_spec *spec, size_t *len);

/* Rights that were delegated go with it; -1: none. */
void skep_btf_give_token(struct skep_attr_btf_load *attr, int token_fd);

/* The fd of attr's BTF, which is at @data and gets simpler as long as the kernel refuses it. */
int skep_btf_submit(struct skep_attr_btf_load *attr, void *data);

/* load/target.c: finds what CO-RE and the hooks need in the kernel's BTF. -ENOMEM only. */
int skep_object_open_target(struct skep_object *object);

/* load/externs.c: which externs programs use; before the kernel's BTF is asked for their names. */
int skep_object_list_externs(struct skep_object *object);

/* Whether this extern is looked for in the kernel's BTF, and the names of all that are, at most
 * spec->n_externs. */
bool skep_extern_needs_btf(const struct skep_object *object, size_t i);
size_t skep_externs_typed_names(const struct skep_object *object, const char **names);

/*
 * Finds all that are used. What one of them lacks is kept for the programs that need it; EINVAL
 * for options of the caller's that cannot be read, ENOMEM.
 */
int skep_object_resolve_externs(struct skep_object *object, struct skep_error *err);

/* Why this extern cannot be resolved; NULL when it can, or need not be. */
const struct skep_error *skep_extern_error(const struct skep_object *object, size_t i);

/* Frees what only loading needs of them, and what was read of modules; or all. */
void skep_object_drop_values(struct skep_object *object);
void skep_object_free_externs(struct skep_object *object);

/* load/token.c: what was not allowed is not in the token of the file system @path. */
int skep_token_refused(const char *path, int code, struct skep_error *err);

/* load/map_fit.c: makes the sizes in *map what the kernel wants. */
int skep_map_fit(struct skep_map *map, struct skep_error *err);

/* load/map_make.c: one map, by whatever form the kernel takes. */
struct skep_map_request {
	struct skep_attr_map_create attr;   /* sizes and flags are taken from the map */
	const char *token_path;		    /* where attr.map_token_fd is from, or NULL */
	const struct skep_error *btf_error; /* why there is no BTF to go with it, or NULL */
};

/* The fd, or -errno; map->flags as they were taken. The map's sizes are fitted. */
int skep_map_make(struct skep_map *map, struct skep_map_request *request, struct skep_error *err);

/* load/map_create.c: creates all maps; which of them failed stands in each. -ENOMEM only. */
int skep_object_create_maps(struct skep_object *object);

/*
 * load/map_reuse.c: a map that is there already in place of a new one. 1: it is used; 0: there is
 * none; -EINVAL: it is another one, and the message says how they differ.
 */
int skep_map_use_given(struct skep_map *map, struct skep_error *err);
int skep_map_use_pinned(struct skep_map *map, struct skep_error *err);
bool skep_map_wants_pin(const struct skep_map *map);

/* Pins the new map, or takes another's that was pinned meanwhile. */
int skep_map_pin_new(struct skep_map *map, struct skep_error *err);

/* Undoes the pins of a load that fails. */
void skep_object_unpin(struct skep_object *object);

/* load/map_slots.c: what the source put into slots: maps, or, once they are loaded, programs. */
int skep_object_fill_slots(struct skep_object *object, bool programs, struct skep_error *err);

/* load/map_data.c: initial values; constants are frozen. */
int skep_map_fill(struct skep_map *map, struct skep_error *err);
int skep_map_open_arena(struct skep_map *map, struct skep_error *err);

/* load/program_resolve.c: links and relocates the program's code. */
int skep_program_resolve(struct skep_program *program, struct skep_error *err);

/* The same before the maps are created: any file descriptor stands for each that will be. */
int skep_program_resolve_early(struct skep_program *program, struct skep_error *err);

/* load/program_tables.c: creates the jump tables that the code refers to; @early as above. */
int skep_program_make_tables(struct skep_program *program, bool early, struct skep_error *err);
void skep_program_close_tables(struct skep_program *program);

/* load/program_digest.c: what the kernel's digest of the program will be. */
int skep_program_digest_early(const struct skep_object *object,
			      const struct skep_program_spec *spec, uint8_t out[SKEP_SHA256_LEN],
			      struct skep_error *err);

/*
 * Functions whose addresses the resolved code asks for become plain numbers. Returns how many did,
 * or -errno when the kernel does not tell an address.
 */
int skep_program_set_addresses(struct skep_program *program);

/*
 * load/program_amend.c: takes out of the code what the verifier's log says this kernel does not
 * take, where something else does instead. Returns how many instructions changed, or -errno.
 */
int skep_program_amend(struct skep_program *program, const char *log);
/* As much of loading as needs no bpf(2): its instructions are as the kernel gets them. */
int skep_program_prepare(struct skep_program *program, struct skep_error *err);

/* load/program_load.c: the whole way of one program into the kernel. */
int skep_program_load(struct skep_program *program, struct skep_error *err);

/* load/program_maps.c: the maps whose spec says so. Older kernels have no binding; it is left out.
 */
void skep_program_bind_maps(const struct skep_program *program);

/* A copy of *err to keep, or NULL when there is no memory. */
struct skep_error *skep_error_keep(const struct skep_error *err);

#endif
