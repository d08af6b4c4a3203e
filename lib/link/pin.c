// SPDX-License-Identifier: MIT
/* Links that have a name in a BPF file system, and outlive their process by it. */
#include "link/link.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpffs.h"
#include "load/object.h"

/* Adds to a message which link it is about; returns @ret. */
static int failed(const struct skep_link *link, int ret, struct skep_error *err)
{
	skep_error_add_subject(err, "link '%s'", link->label);
	return ret;
}

/* What is held by several fds, or by something that is no bpf_link, has no one thing to pin. */
static int check(const struct skep_link *link, struct skep_error *err)
{
	struct skep_link_info info = { .size = sizeof(info) };
	int ret;

	if (link->pin)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EBUSY, "it is pinned at %s already",
				      link->pin);
	if (link->n_fds > 1)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
				      "it consists of %zu links, which have no name together",
				      link->n_fds);
	ret = skep_link_info_of_fd(skep_link_fd(link), &info, err);
	if (ret)
		return ret;
	skep_link_info_free(&info);
	if (info.type != SKEP_LINK_NONE)
		return 0;
	skep_error_set(
		err, SKEP_STAGE_ATTACH, ENOTSUP,
		"this kernel attached it without a bpf_link, and nothing else can be pinned");
	skep_error_add_hint(err, "a newer kernel has a bpf_link for this hook");
	return -ENOTSUP;
}

int skep_link_pin(struct skep_link *link, const char *path, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *pin = NULL;
	int ret;

	if (!link)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "link");
	ret = path ? check(link, err) : skep_error_null(err, SKEP_STAGE_ATTACH, "path");
	if (ret)
		return failed(link, ret, err);
	pin = skep_bpffs_absolute(path);
	if (!pin)
		return failed(link, skep_error_nomem(err, SKEP_STAGE_ATTACH), err);
	ret = skep_bpffs_pin(skep_link_fd(link), AT_FDCWD, pin, SKEP_STAGE_ATTACH, err);
	if (ret)
		return failed(link, ret, err);
	link->pin = SKEP_TAKE(pin);
	return 0;
}

int skep_link_unpin(struct skep_link *link, struct skep_error *err)
{
	int ret;

	if (!link)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "link");
	if (link->pin)
		ret = skep_bpffs_unpin(SKEP_PIN_LINK, skep_link_fd(link), AT_FDCWD, link->pin,
				       SKEP_STAGE_ATTACH, err);
	else
		ret = skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "it is not pinned");
	if (ret)
		return failed(link, ret, err);
	free(link->pin);
	link->pin = NULL;
	return 0;
}

const char *skep_link_pinned_at(const struct skep_link *link)
{
	return link ? link->pin : NULL;
}

struct skep_link *skep_link_open_pinned(const char *path, struct skep_error *err)
{
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_link *link;
	int fd;

	if (!path)
		return skep_error_null_ptr(err, SKEP_STAGE_ATTACH, "path");
	fd = skep_bpffs_open(SKEP_PIN_LINK, AT_FDCWD, path, 0, SKEP_STAGE_ATTACH, err);
	if (fd < 0)
		return NULL;
	if (skep_link_info_of_fd(fd, &info, err)) {
		close(fd);
		return NULL;
	}
	skep_link_info_free(&info);
	link = skep_link_new(NULL, fd, err, "%s link %u pinned at %s",
			     skep_link_type_name(info.type), info.id, path);
	if (!link)
		return NULL;
	link->pin = skep_bpffs_absolute(path);
	if (link->pin)
		return link;
	skep_error_nomem(err, SKEP_STAGE_ATTACH);
	skep_link_close(link);
	return NULL;
}

/* What is not attached has nothing to pin. */
static int pin_in(struct skep_program *program, const char *folder, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *path = NULL;

	if (!program->link)
		return 0;
	if (asprintf(&path, "%s/%s", folder, program->spec->name) < 0) {
		path = NULL;
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	}
	return skep_link_pin(program->link, path, err);
}

int skep_object_pin_links(struct skep_object *object, const char *folder, struct skep_error *err)
{
	size_t i = 0;
	int ret;

	if (!object || !folder)
		return skep_error_null(err, SKEP_STAGE_ATTACH, object ? "folder" : "object");
	ret = skep_bpffs_make_folder(AT_FDCWD, folder, SKEP_STAGE_ATTACH, err);
	while (!ret && i < object->n_programs) {
		ret = pin_in(&object->programs[i], folder, err);
		i += !ret;
	}
	if (!ret)
		return 0;
	while (i--)
		skep_link_unpin(object->programs[i].link, NULL);
	skep_error_add_object(err, "%s", object->spec->name);
	return ret;
}

int skep_object_unpin_links(struct skep_object *object, struct skep_error *err)
{
	int first = 0;

	if (!object)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "object");
	for (size_t i = 0; i < object->n_programs; i++) {
		struct skep_link *link = object->programs[i].link;
		int ret = link ? skep_link_unpin(link, first ? NULL : err) : 0;

		first = first ?: ret;
	}
	return first;
}
