/* SPDX-License-Identifier: MIT */
/*
 * skep/skeleton.h - an object as a struct of a program's own.
 *
 * `skep gen skeleton exec.bpf.o` writes a header with `struct exec_bpf`, whose members are the
 * object's maps, programs, links and global variables, and with typed functions that call those
 * below:
 *
 *	struct exec_bpf *skel = exec_bpf_open(NULL, &err);
 *	skel->rodata->only_pid = getpid();
 *	exec_bpf_load(skel, NULL, &err);
 *	exec_bpf_attach(skel, &err);
 *	printf("%llu\n", skel->bss->hits);
 *	exec_bpf_close(skel);
 *
 * The object in it has no debug information (DWARF), which nobody needs who loads it; its types and
 * source lines (BTF) are there. A skeleton and views of it have the same memory under types of
 * their own, which may alias each other: they may be used in one file.
 *
 * A header and a library of different age work together: the header describes its struct by a
 * table, each entry of which has the size that the header knows. What the library does not know
 * stays NULL, and what the header does not know is left alone.
 *
 * A skeleton is used by one thread at a time, as its object is.
 */
#ifndef SKEP_SKELETON_H
#define SKEP_SKELETON_H

#include <linux/types.h>
#include <skep/link.h>
#include <skep/object.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_skeleton;

/* What a member of the struct is: a pointer that is bound to the thing named. */
enum skep_skeleton_kind {
	SKEP_SKELETON_SPEC = 1,	    /* struct skep_spec *, while it is open */
	SKEP_SKELETON_OBJECT = 2,   /* struct skep_object *, once it is loaded */
	SKEP_SKELETON_MAP = 3,	    /* struct skep_map *, once it is loaded */
	SKEP_SKELETON_PROGRAM = 4,  /* struct skep_program *, once it is loaded */
	SKEP_SKELETON_LINK = 5,	    /* struct skep_link *, of a program or a struct_ops variable */
	SKEP_SKELETON_DATA = 6,	    /* the variables of the section named */
	SKEP_SKELETON_VARIABLE = 7, /* one global variable */
	SKEP_SKELETON_TABLE = 8,    /* a struct_ops variable's initial value, until it is loaded */
};

/* The member may be missing in the object: it is NULL then. */
#define SKEP_SKELETON_WEAK 1u

struct skep_skeleton_member {
	const char *name; /* in the object */
	uint32_t kind;
	uint32_t flags;	 /* SKEP_SKELETON_WEAK */
	uint32_t offset; /* of the pointer in the header's struct */
	uint32_t len;	 /* bytes that the header has for data and variables */
};

/* A header's struct. Its first member is a struct skep_skeleton *. */
struct skep_skeleton_desc {
	size_t size;	   /* sizeof(struct skep_skeleton_desc) */
	const char *name;  /* of the object */
	const void *bytes; /* of the object's file; NULL: a view of another's object */
	size_t n_bytes;
	size_t struct_size;
	const struct skep_skeleton_member *members; /* each member_size bytes long */
	size_t n_members;
	size_t member_size; /* sizeof(struct skep_skeleton_member) */
};

/*
 * skep_skeleton_open - reads the object and gives the header's struct, whose data members are the
 * variables' initial values: what is written there, constants included, is what they are loaded
 * with. What @desc points to must outlive it. NULL: EINVAL (the struct does not fit the object: the
 * message says where), and the errors of skep_spec_read().
 */
void *skep_skeleton_open(const struct skep_skeleton_desc *desc, const struct skep_spec_opts *opts,
			 struct skep_error *err);

/*
 * skep_skeleton_view - the same as a view of what somebody else opened, for a library that brings
 * its part of an application's object: maps, programs and variables are found by their names. The
 * spec must outlive it. ENOENT: the object lacks one of them; EINVAL: a variable has another size.
 */
void *skep_skeleton_view(const struct skep_skeleton_desc *desc, struct skep_spec *spec,
			 struct skep_error *err);

/*
 * skep_skeleton_load - loads the object (skep_object_load) and binds the members to it. The data
 * members are from now on the memory that the running programs use; constants can only be read, as
 * can options of the kernel. Variables that no program uses stay as they were. EALREADY: it was
 * loaded; ENOTSUP: the kernel cannot map variables (before 5.5).
 */
int skep_skeleton_load(struct skep_skeleton *skeleton, const struct skep_object_opts *opts,
		       struct skep_error *err);

/* The same for a view: @object is loaded from the view's spec, and must outlive it. */
int skep_skeleton_loaded(struct skep_skeleton *skeleton, struct skep_object *object,
			 struct skep_error *err);

/*
 * skep_skeleton_bind - binds the members anew, after skep_map_spec_resize() has moved variables to
 * another place.
 */
int skep_skeleton_bind(struct skep_skeleton *skeleton, struct skep_error *err);

/*
 * skep_skeleton_attach - attaches what says by its section's name where to (skep_object_attach) and
 * binds the links, which stay the object's. For other programs the struct's link may be set by the
 * program, with a link of skep_program_attach_*(), which the skeleton closes then. Returns the
 * number of those attached, or as skep_object_attach().
 */
int skep_skeleton_attach(struct skep_skeleton *skeleton, struct skep_error *err);

/* Closes all links of the struct. */
void skep_skeleton_detach(struct skep_skeleton *skeleton);

/*
 * Detaches, closes the object and frees the struct; of a view only the struct. NULL is fine.
 */
void skep_skeleton_close(struct skep_skeleton *skeleton);

#ifdef __cplusplus
}

#define SKEP_SKELETON_ASSERT(condition, text) static_assert(condition, text)
#else
#define SKEP_SKELETON_ASSERT(condition, text) _Static_assert(condition, text)
#endif

/* What a header has lies where the object has it, and takes as much. */
#define SKEP_SKELETON_FIELD(tag, field, at, len)                                \
	SKEP_SKELETON_ASSERT(offsetof(struct tag, field) == (at) &&             \
				     sizeof(((struct tag *)0)->field) == (len), \
			     #field " lies elsewhere than in the object, or has another size")

#endif
