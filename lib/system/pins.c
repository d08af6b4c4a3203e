// SPDX-License-Identifier: MIT
/* The names in BPF file systems, and what has them. */
#include <skep/holders.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"
#include "kernel/bpf.h"
#include "kernel/file.h"
#include "kernel/mounts.h"
#include "kernel/rights.h"
#include "system/held.h"

/* Folders in folders beyond this are not entered. */
#define MAX_DEPTH 32

struct skep_pins {
	struct skep_vec(struct skep_pin) list;
	struct skep_arena arena;
};

SKEP_DEFINE_SCOPED(dir, DIR, closedir)
SKEP_DEFINE_SCOPED(pins, struct skep_pins, skep_pins_free)

/* All four structs of what the kernel tells have the id behind the type, but for BTF's. */
struct first_words {
	uint32_t type, id;
};

static bool find_kind(int fd, enum skep_system_kind *kind)
{
	char target[64];

	return !skep_file_of_fd(fd, target, sizeof(target)) && skep_held_kind(target, kind);
}

static int add_pin(struct skep_pins *pins, const char *path)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_bpf_obj_get(AT_FDCWD, path, 0);
	struct first_words words = { 0 };
	enum skep_system_kind kind;
	struct skep_pin *pin;

	if (fd < 0 || !find_kind(fd, &kind) || skep_bpf_info(fd, &words, sizeof(words)))
		return 0;
	pin = skep_vec_push(&pins->list);
	if (!pin)
		return -ENOMEM;
	*pin = (struct skep_pin){ kind, words.id,
				  skep_arena_string(&pins->arena, path, strlen(path)) };
	return pin->path ? 0 : -ENOMEM;
}

static int walk(struct skep_pins *pins, int parent, const char *name, const char *path, int depth);

static int look_at(struct skep_pins *pins, DIR *dir, const char *name, const char *folder,
		   int depth)
{
	char path[PATH_MAX];
	struct stat st;

	if (!strcmp(name, ".") || !strcmp(name, "..") ||
	    snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path) ||
	    fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW))
		return 0;
	if (S_ISDIR(st.st_mode))
		return walk(pins, dirfd(dir), name, path, depth + 1);
	return S_ISREG(st.st_mode) ? add_pin(pins, path) : 0;
}

static int walk(struct skep_pins *pins, int parent, const char *name, const char *path, int depth)
{
	int fd = depth > MAX_DEPTH ?
			 -1 :
			 openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	SKEP_SCOPED(skep_scoped_dir) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int ret = 0;

	if (fd >= 0 && !dir) {
		ret = errno == ENOMEM ? -ENOMEM : 0;
		close(fd);
		return ret;
	}
	while (dir && !ret && (entry = readdir(dir)))
		ret = look_at(pins, dir, entry->d_name, path, depth);
	return ret;
}

static int by_thing(const void *a, const void *b)
{
	const struct skep_pin *x = a, *y = b;

	return skep_held_compare(x, y) ?: strcmp(x->path, y->path);
}

/* A file system that is mounted twice has each pin twice, under two names. */
static int walk_mount(const struct skep_mount *mount, void *ctx)
{
	return walk(ctx, AT_FDCWD, mount->path, mount->path, 0);
}

struct skep_pins *skep_pins_read(struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_pins) struct skep_pins *pins = calloc(1, sizeof(*pins));
	int ret = pins ? skep_mounts_each("bpf", walk_mount, pins) : -ENOMEM;

	if (ret) {
		skep_error_set_errno(err, SKEP_STAGE_READ, ret, "pins cannot be listed");
		return NULL;
	}
	if (pins->list.len)
		qsort(pins->list.items, pins->list.len, sizeof(*pins->list.items), by_thing);
	return SKEP_TAKE(pins);
}

void skep_pins_free(struct skep_pins *pins)
{
	if (!pins)
		return;
	skep_vec_free(&pins->list);
	skep_arena_free(&pins->arena);
	free(pins);
}

const struct skep_pin *skep_pins_all(const struct skep_pins *pins, size_t *n)
{
	if (n)
		*n = pins ? pins->list.len : 0;
	return pins ? pins->list.items : NULL;
}

const struct skep_pin *skep_pins_of(const struct skep_pins *pins, enum skep_system_kind kind,
				    uint32_t id, size_t *n)
{
	const struct skep_held_thing thing = { kind, id };

	return skep_held_find(pins ? pins->list.items : NULL, pins ? pins->list.len : 0,
			      sizeof(struct skep_pin), &thing, n);
}

int skep_pin_open(const char *path, enum skep_system_kind *kind, struct skep_error *err)
{
	int fd;

	if (!path || !kind)
		return skep_error_null(err, SKEP_STAGE_READ, path ? "kind" : "path");
	fd = skep_bpf_obj_get(AT_FDCWD, path, 0);
	if (fd >= 0 && find_kind(fd, kind))
		return fd;
	if (fd >= 0) {
		close(fd);
		fd = -EINVAL;
	}
	if (fd == -EPERM)
		skep_rights_explain(err, SKEP_STAGE_READ, fd, SKEP_RIGHT_BPF,
				    "the pin may not be opened");
	else if (fd == -ENOENT)
		skep_error_set(err, SKEP_STAGE_READ, fd, "nothing has this name");
	else
		skep_error_set(err, SKEP_STAGE_READ, fd,
			       "this is no name of a program, map or link in a BPF file system");
	skep_error_add_object(err, "%s", path);
	return fd;
}
