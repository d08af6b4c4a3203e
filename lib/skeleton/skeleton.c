// SPDX-License-Identifier: MIT
/* The life of a header's struct: opened, loaded, attached, closed. */
#include "skeleton/skeleton.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/opts.h"

static int bad_header(const struct skep_skeleton_desc *desc, const char *what,
		      struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "its description %s", what);
	skep_error_add_hint(err, "use what skep gen skeleton writes, as it is");
	skep_error_add_object(err, "%s", desc->name ?: "skeleton");
	return -EINVAL;
}

static int check_members(const struct skep_skeleton *skeleton, struct skep_error *err)
{
	const struct skep_skeleton_desc *desc = &skeleton->known;

	for (size_t i = 0; i < desc->n_members; i++) {
		struct skep_skeleton_member member = skep_skeleton_member_at(skeleton, i);

		if (!member.name)
			return bad_header(desc, "has a member without a name", err);
		if (member.offset % sizeof(void *) || member.offset < sizeof(void *) ||
		    member.offset > desc->struct_size - sizeof(void *))
			return bad_header(desc, "has a member that is not in its struct", err);
	}
	return 0;
}

static int check(const struct skep_skeleton *skeleton, struct skep_error *err)
{
	const struct skep_skeleton_desc *desc = &skeleton->known;
	const size_t least = offsetof(struct skep_skeleton_member, len) + sizeof(uint32_t);

	if (desc->struct_size < sizeof(void *))
		return bad_header(desc, "has no struct", err);
	if (!desc->members && desc->n_members)
		return bad_header(desc, "has no members", err);
	if (desc->n_members && (desc->member_size < least || desc->member_size % sizeof(void *)))
		return bad_header(desc, "has members of a size that never was", err);
	return check_members(skeleton, err);
}

static struct skep_skeleton *new_skeleton(const struct skep_skeleton_desc *desc,
					  struct skep_error *err)
{
	struct skep_skeleton *skeleton;

	if (!desc)
		return skep_error_null_ptr(err, SKEP_STAGE_USAGE, "description");
	skeleton = calloc(1, sizeof(*skeleton));
	if (!skeleton) {
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	skeleton->known = SKEP_OPTS(struct skep_skeleton_desc, desc);
	if (!check(skeleton, err))
		skeleton->user = calloc(1, skeleton->known.struct_size);
	else
		goto fail;
	if (skeleton->user) {
		*(struct skep_skeleton **)(void *)skeleton->user = skeleton;
		return skeleton;
	}
	skep_error_nomem(err, SKEP_STAGE_USAGE);
fail:
	free(skeleton);
	return NULL;
}

static struct skep_spec *read_spec(const struct skep_skeleton_desc *desc,
				   const struct skep_spec_opts *opts, struct skep_error *err)
{
	struct skep_spec_opts o = SKEP_OPTS(struct skep_spec_opts, opts);

	if (!desc->bytes) {
		bad_header(desc, "is one of a view, and has no object", err);
		return NULL;
	}
	o.name = o.name ?: desc->name;
	return skep_spec_read(desc->bytes, desc->n_bytes, &o, err);
}

void *skep_skeleton_open(const struct skep_skeleton_desc *desc, const struct skep_spec_opts *opts,
			 struct skep_error *err)
{
	struct skep_skeleton *skeleton = new_skeleton(desc, err);

	if (!skeleton)
		return NULL;
	skeleton->spec = read_spec(&skeleton->known, opts, err);
	if (skeleton->spec && !skep_skeleton_bind_all(skeleton, err))
		return skeleton->user;
	skep_skeleton_close(skeleton);
	return NULL;
}

void *skep_skeleton_view(const struct skep_skeleton_desc *desc, struct skep_spec *spec,
			 struct skep_error *err)
{
	struct skep_skeleton *skeleton;

	if (!spec)
		return skep_error_null_ptr(err, SKEP_STAGE_USAGE, "spec");
	skeleton = new_skeleton(desc, err);
	if (!skeleton)
		return NULL;
	skeleton->is_view = true;
	skeleton->spec = spec;
	if (!skep_skeleton_bind_all(skeleton, err))
		return skeleton->user;
	skep_skeleton_close(skeleton);
	return NULL;
}

static int wrong_use(const struct skep_skeleton *skeleton, int code, const char *what,
		     struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_USAGE, code, "%s", what);
	skep_error_add_object(err, "%s", skeleton->spec->name);
	return -code;
}

int skep_skeleton_load(struct skep_skeleton *skeleton, const struct skep_object_opts *opts,
		       struct skep_error *err)
{
	struct skep_error own = { 0 };
	int ret;

	if (!skeleton)
		return skep_error_null(err, SKEP_STAGE_USAGE, "skeleton");
	err = err ?: &own;
	if (skeleton->is_view)
		return wrong_use(skeleton, EINVAL, "a view's object is loaded by who opened it",
				 err);
	if (skeleton->object)
		return wrong_use(skeleton, EALREADY, "it is loaded already", err);
	skeleton->object = skep_object_load(skeleton->spec, opts, err);
	if (!skeleton->object)
		return -err->code;
	ret = skep_skeleton_bind_all(skeleton, err);
	if (!ret)
		return 0;
	skep_object_close(skeleton->object);
	skeleton->object = NULL;
	skep_skeleton_bind_all(skeleton, NULL);
	return ret;
}

int skep_skeleton_loaded(struct skep_skeleton *skeleton, struct skep_object *object,
			 struct skep_error *err)
{
	if (!skeleton || !object)
		return skep_error_null(err, SKEP_STAGE_USAGE, skeleton ? "object" : "skeleton");
	if (!skeleton->is_view || skep_object_spec(object) != skeleton->spec)
		return wrong_use(skeleton, EINVAL, "the object was not loaded from the view's spec",
				 err);
	skeleton->object = object;
	return skep_skeleton_bind_all(skeleton, err);
}

int skep_skeleton_bind(struct skep_skeleton *skeleton, struct skep_error *err)
{
	if (!skeleton)
		return skep_error_null(err, SKEP_STAGE_USAGE, "skeleton");
	return skep_skeleton_bind_all(skeleton, err);
}

/* Calls @fn for each link of the struct, with the link that the object has for it. */
static void each_link(struct skep_skeleton *skeleton,
		      void (*fn)(struct skep_link **place, struct skep_link *own))
{
	for (size_t i = 0; i < skeleton->known.n_members; i++) {
		struct skep_skeleton_member member = skep_skeleton_member_at(skeleton, i);

		if (member.kind == SKEP_SKELETON_LINK)
			fn((struct skep_link **)skep_skeleton_place(skeleton, &member),
			   skep_skeleton_own_link(skeleton, member.name));
	}
}

static void show_link(struct skep_link **place, struct skep_link *own)
{
	if (own && !*place)
		*place = own;
}

int skep_skeleton_attach(struct skep_skeleton *skeleton, struct skep_error *err)
{
	int ret;

	if (!skeleton)
		return skep_error_null(err, SKEP_STAGE_USAGE, "skeleton");
	if (!skeleton->object)
		return wrong_use(skeleton, EINVAL, "it must be loaded before it is attached", err);
	ret = skep_object_attach(skeleton->object, err);
	each_link(skeleton, show_link);
	return ret;
}

static void drop_link(struct skep_link **place, struct skep_link *own)
{
	if (*place != own)
		skep_link_close(*place);
	*place = NULL;
}

void skep_skeleton_detach(struct skep_skeleton *skeleton)
{
	if (!skeleton || !skeleton->object)
		return;
	each_link(skeleton, drop_link);
	if (!skeleton->is_view)
		skep_object_detach(skeleton->object);
}

void skep_skeleton_close(struct skep_skeleton *skeleton)
{
	if (!skeleton)
		return;
	if (!skeleton->is_view) {
		skep_skeleton_detach(skeleton);
		skep_object_close(skeleton->object);
		skep_spec_free(skeleton->spec);
	}
	free(skeleton->user);
	free(skeleton);
}
