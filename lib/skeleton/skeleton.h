/* SPDX-License-Identifier: MIT */
/* A header's struct while it is bound: skeleton.c has its life, bind.c the pointers in it. */
#ifndef SKEP_SKELETON_SKELETON_H
#define SKEP_SKELETON_SKELETON_H

#include <skep/skeleton.h>

struct skep_skeleton {
	struct skep_skeleton_desc known; /* the header's, as far as both sides know it */
	char *user;			 /* the header's struct */
	struct skep_spec *spec;
	struct skep_object *object; /* NULL: not loaded */
	bool is_view;		    /* spec and object are others' */
};

/* The @i-th member, as far as it is known here. */
struct skep_skeleton_member skep_skeleton_member_at(const struct skep_skeleton *skeleton, size_t i);

/* The place in the struct that a member describes. */
void **skep_skeleton_place(const struct skep_skeleton *skeleton,
			   const struct skep_skeleton_member *member);

/* The link that the object has for a program or a struct_ops variable; or NULL. */
struct skep_link *skep_skeleton_own_link(const struct skep_skeleton *skeleton, const char *name);

/* Binds all members to what there is: spec, and object. */
int skep_skeleton_bind_all(struct skep_skeleton *skeleton, struct skep_error *err);

#endif
