/* SPDX-License-Identifier: MIT */
/*
 * skep/object.h - maps and programs in the kernel.
 *
 * skep_object_load() creates the maps of a spec, relocates its programs against the running
 * kernel and loads them. The object holds their file descriptors: closing it (or the end of the
 * process, however it comes) removes all that is not attached elsewhere or pinned.
 *
 *	spec -> skep_object_load -> skep_object_attach -> ... -> skep_object_close
 *
 * The spec must outlive the object. One object is used by one thread at a time; reading its maps
 * by fd is safe from many.
 */
#ifndef SKEP_OBJECT_H
#define SKEP_OBJECT_H

#include <skep/map.h>
#include <skep/program.h>
#include <skep/spec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_object;

struct skep_object_opts {
	size_t size;			   /* sizeof(struct skep_object_opts) */
	const struct skep_btf *target_btf; /* relocate against this; NULL: the running kernel's */
	bool strict;			   /* fail as a whole if one program cannot be loaded */
	uint32_t log_level; /* verifier log on success too: 1, 2, | 4 for statistics; 0: on failure
			     */
	size_t log_size;    /* bytes of log kept a program; 0: 1 MiB. The last lines are kept */
	const char *pin_root;	/* the folder of maps pinned by name; NULL: /sys/fs/bpf */
	const char *kconfig;	/* lines "CONFIG_HZ=250", which count before the running kernel's */
	const char *token_path; /* a BPF file system that delegates rights; NULL: none needed */
};

/*
 * skep_token_create - a BPF token (6.9): what root of the machine has allowed a user namespace by
 * mounting a BPF file system for it with delegate_cmds, delegate_maps, delegate_progs and
 * delegate_attachs. skep_object_load makes and uses one by opts.token_path.
 *
 * Returns an fd, the caller's, or: ENOTSUP (the kernel has no tokens, or this is no user
 * namespace), EPERM (the file system is another namespace's, or CAP_BPF is missing in this one),
 * ENOENT (there is no such folder, or it delegates nothing), EINVAL (it is no BPF file system).
 */
int skep_token_create(const char *path, struct skep_error *err);

/*
 * skep_object_load - creates the maps and loads the programs of @spec whose `load` is set.
 *
 * Without opts.strict a program that cannot be loaded does not stop the others: the object is
 * returned as long as one program (or, in an object without programs, one map) loaded, and
 * skep_program_error() tells what happened to each. NULL: EPERM (no rights; the hint says which
 * are missing), ENOENT (the kernel has no BTF and a program needs it), EINVAL, ENOTSUP (the
 * kernel lacks a map or program type), E2BIG, ENOMEM, EACCES (refused by the verifier).
 */
struct skep_object *skep_object_load(struct skep_spec *spec, const struct skep_object_opts *opts,
				     struct skep_error *err);

/*
 * The same in two steps. skep_object_prepare() creates the maps and resolves the programs'
 * references, and loads none: maps can be filled, the spec's programs get another type, attach
 * type or flags, skep_program_insns() be looked at and skep_program_set_insns() change them.
 * skep_object_load_programs() then loads what skep_object_load() would. skep_program_load_copy()
 * works from the first step on, until the object is closed. Errors as above; what the second step
 * fails with can be looked at in the object, which is still to be closed.
 */
struct skep_object *skep_object_prepare(struct skep_spec *spec, const struct skep_object_opts *opts,
					struct skep_error *err);
int skep_object_load_programs(struct skep_object *object, struct skep_error *err);

/* Detaches what skep_object_attach attached and closes all fds. */
void skep_object_close(struct skep_object *object);

const struct skep_spec *skep_object_spec(const struct skep_object *object);

/* Programs and maps, by position in the spec or by name; NULL when there is none. */
size_t skep_object_n_programs(const struct skep_object *object);
struct skep_program *skep_object_program_at(const struct skep_object *object, size_t i);
struct skep_program *skep_object_program(const struct skep_object *object, const char *name);
size_t skep_object_n_maps(const struct skep_object *object);
struct skep_map *skep_object_map_at(const struct skep_object *object, size_t i);
struct skep_map *skep_object_map(const struct skep_object *object, const char *name);

/*
 * skep_object_extern_note - what is unusual about the value that an extern (__kconfig, __ksym) got:
 * a text that was cut, a weak function that is taken as missing since the kernel's has another
 * prototype, an address that the kernel hides. NULL when there is nothing to say.
 */
const char *skep_object_extern_note(const struct skep_object *object, const char *name);

/*
 * skep_object_global - the memory of a global variable of the running programs: reads and writes
 * are seen by both sides at once. Constants (.rodata) can only be read. NULL when there is no
 * such variable, or ENOTSUP when its map could not be mapped.
 */
void *skep_object_global(const struct skep_object *object, const char *name, size_t *size,
			 struct skep_error *err);

/*
 * skep_object_pin_programs - pins every loaded program at FOLDER/NAME, and makes the folder if it
 * lies in a BPF file system. All or none. Errors as skep_program_pin().
 */
int skep_object_pin_programs(const struct skep_object *object, const char *folder,
			     struct skep_error *err);

/* Takes those names away; the first error, after all were tried. The folder stays. */
int skep_object_unpin_programs(const struct skep_object *object, const char *folder,
			       struct skep_error *err);

/*
 * skep_object_attach - attaches every loaded program whose section name says where to, and whose
 * spec has `attach` set, and registers the struct_ops variables that were loaded. The links belong
 * to the object. Without opts.strict one that cannot be attached does not stop the others;
 * skep_program_error() then tells. Returns the number attached, or a negative errno when none could
 * be (and one should have been).
 */
int skep_object_attach(struct skep_object *object, struct skep_error *err);

/*
 * skep_object_detach - closes the links that skep_object_attach made. Maps, rings and programs
 * stay, so that what was produced until then can still be read.
 */
void skep_object_detach(struct skep_object *object);

/*
 * skep_object_pin_links - pins the link of every program that skep_object_attach attached at
 * FOLDER/NAME; closing the object then leaves them attached. All or none. Errors as
 * skep_link_pin(): a link that cannot be pinned is one.
 */
int skep_object_pin_links(struct skep_object *object, const char *folder, struct skep_error *err);

/* Takes those names away; the first error, after all were tried. The folder stays. */
int skep_object_unpin_links(struct skep_object *object, struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
