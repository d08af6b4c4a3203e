// SPDX-License-Identifier: MIT
#include "system/system.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/file.h"
#include "kernel/rights.h"
#include "system/held.h"

static const struct {
	const char *name;
	enum bpf_cmd next, open;
} kinds[] = {
	[SKEP_SYSTEM_PROGRAMS] = { "program", BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID },
	[SKEP_SYSTEM_MAPS] = { "map", BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID },
	[SKEP_SYSTEM_BTFS] = { "BTF", BPF_BTF_GET_NEXT_ID, BPF_BTF_GET_FD_BY_ID },
	[SKEP_SYSTEM_LINKS] = { "link", BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID },
};

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static int bad_kind(enum skep_system_kind kind, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			      "%d is no kind of thing that a system has", (int)kind);
}

static int refused(enum skep_system_kind kind, int code, const char *doing, struct skep_error *err)
{
	if (code == -EPERM || code == -EACCES)
		return skep_rights_explain(err, SKEP_STAGE_READ, code, SKEP_RIGHT_SYS_ADMIN, doing);
	if (code == -EINVAL) {
		skep_error_set(err, SKEP_STAGE_READ, code, "this kernel cannot list each %s",
			       kinds[kind].name);
		skep_error_add_hint(err, "programs and maps are listed from 4.13 on, BTF from 5.4, "
					 "links from 5.8");
		return code;
	}
	return skep_error_set_errno(err, SKEP_STAGE_READ, code, "%s", doing);
}

int skep_system_open(enum skep_system_kind kind, uint32_t id, struct skep_error *err)
{
	int fd;

	if ((size_t)kind >= N_KINDS)
		return bad_kind(kind, err);
	fd = skep_bpf_fd_by_id(kinds[kind].open, id);
	if (fd >= 0)
		return fd;
	if (fd == -ENOENT)
		skep_error_set(err, SKEP_STAGE_READ, fd, "there is no %s with this id",
			       kinds[kind].name);
	else
		refused(kind, fd, "the kernel does not open it", err);
	skep_error_add_subject(err, "%s %u", kinds[kind].name, id);
	return fd;
}

/*
 * What is freed keeps its id for a moment: found, but no longer to be opened. A link that is being
 * made has one before it can be (bpf_link_by_id in kernel/bpf/syscall.c).
 */
static int open_next(struct skep_system_walk *walk, struct skep_error *err)
{
	uint32_t id = walk->id;
	int ret;

	while (!(ret = skep_bpf_next_id(kinds[walk->kind].next, id, &id))) {
		int fd = skep_bpf_fd_by_id(kinds[walk->kind].open, id);

		if (fd == -ENOENT || fd == -EAGAIN)
			continue;
		if (fd < 0)
			return refused(walk->kind, fd, "the kernel does not open it", err);
		walk->id = id;
		walk->fd = fd;
		return 1;
	}
	if (ret == -ENOENT)
		return 0;
	return refused(walk->kind, ret, "the kernel does not list ids", err);
}

/* A walk that begins has fd 0, which is not its own: no fd of bpf(2) is below 3 (kernel/bpf.h). */
void skep_system_end(struct skep_system_walk *walk)
{
	if (!walk || walk->size < sizeof(*walk))
		return;
	if (walk->fd > STDERR_FILENO)
		close(walk->fd);
	walk->fd = -1;
}

int skep_system_next(struct skep_system_walk *walk, struct skep_error *err)
{
	int ret;

	if (!walk || walk->size < sizeof(*walk))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "the walk is missing or does not say its size");
	skep_system_end(walk);
	if ((size_t)walk->kind >= N_KINDS)
		return bad_kind(walk->kind, err);
	ret = open_next(walk, err);
	if (ret < 0)
		skep_error_add_subject(err, "the walk over each %s", kinds[walk->kind].name);
	return ret;
}

/* True unless the fd is known to be something else; where /proc is not mounted nothing is known. */
bool skep_system_may_be(int fd, enum skep_system_kind kind)
{
	enum skep_system_kind found;
	char text[64];
	int ret = skep_file_of_fd(fd, text, sizeof(text));

	if (ret)
		return ret != -ENAMETOOLONG;
	return skep_held_kind(text, &found) && found == kind;
}

int skep_system_no_info(int fd, enum skep_system_kind kind, int code, struct skep_error *err)
{
	if (code == -EBADF || code == -EINVAL)
		skep_error_set(err, SKEP_STAGE_READ, code, "this is no file descriptor of a %s",
			       kinds[kind].name);
	else
		refused(kind, code, "the kernel tells nothing about it", err);
	skep_error_add_subject(err, "%s by fd %d", kinds[kind].name, fd);
	return code;
}

int skep_system_info(int fd, enum skep_system_kind kind, void *info, size_t size,
		     struct skep_error *err)
{
	int ret = fd < 0 ? -EBADF : skep_bpf_info(fd, info, size);

	if (!ret && !skep_system_may_be(fd, kind))
		ret = -EINVAL;
	return ret ? skep_system_no_info(fd, kind, ret, err) : 0;
}
