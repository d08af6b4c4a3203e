// SPDX-License-Identifier: MIT
#include "link/query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/bpf.h"

#define MAX_PROGRAMS 65536

/* What the kernel fills, one array a fact, all in one piece of memory. */
struct answer {
	uint32_t *program_ids, *flags, *link_ids;
	uint32_t room;
	struct skep_attr_prog_query attr;
};

static int make_room(struct answer *a, uint32_t room)
{
	uint32_t *ids = calloc(room, 3 * sizeof(*ids));

	if (!ids)
		return -ENOMEM;
	free(a->program_ids);
	a->program_ids = ids;
	a->flags = ids + room;
	a->link_ids = ids + 2 * (size_t)room;
	a->room = room;
	return 0;
}

/*
 * Flags and links are asked for first; a kernel or a hook that does not know them refuses, and is
 * asked for the programs alone.
 */
static int ask(struct answer *a, uint32_t target, uint32_t attach_type, uint32_t flags)
{
	struct skep_attr_prog_query attr;
	int ret = -EINVAL;

	for (int plain = 0; plain < 3 && (ret == -EINVAL || ret == -E2BIG); plain++) {
		memset(&attr, 0, sizeof(attr));
		attr.target_fd = target;
		attr.attach_type = attach_type;
		attr.query_flags = flags;
		attr.prog_ids = SKEP_PTR(a->program_ids);
		attr.count = a->room;
		if (plain < 2 && !(flags & BPF_F_QUERY_EFFECTIVE))
			attr.prog_attach_flags = SKEP_PTR(a->flags);
		if (plain < 1)
			attr.link_ids = SKEP_PTR(a->link_ids);
		ret = skep_bpf_prog_query(&attr);
	}
	a->attr = attr;
	return ret;
}

struct skep_attached *skep_attached_new(size_t n)
{
	struct skep_attached *attached =
		calloc(1, sizeof(*attached) + n * sizeof(attached->programs[0]));

	if (attached)
		attached->programs = (void *)(attached + 1);
	return attached;
}

static struct skep_attached *collect(const struct answer *a)
{
	uint32_t n = a->attr.count < a->room ? a->attr.count : a->room;
	struct skep_attached *attached = skep_attached_new(n);

	if (!attached)
		return NULL;
	attached->revision = a->attr.revision;
	attached->n = n;
	for (uint32_t i = 0; i < n; i++)
		attached->programs[i] = (struct skep_attached_program){
			.program_id = a->program_ids[i],
			.link_id = a->link_ids[i],
			.flags = a->attr.prog_attach_flags ? a->flags[i] : a->attr.attach_flags
		};
	return attached;
}

struct skep_attached *skep_query(uint32_t target, uint32_t attach_type, uint32_t flags, int *code)
{
	struct answer a = { .program_ids = NULL };
	struct skep_attached *attached = NULL;

	*code = -ENOSPC;
	for (uint32_t room = 64; *code == -ENOSPC && room <= MAX_PROGRAMS; room *= 4)
		*code = make_room(&a, room) ?: ask(&a, target, attach_type, flags);
	if (!*code) {
		attached = collect(&a);
		*code = attached ? 0 : -ENOMEM;
	}
	free(a.program_ids);
	return attached;
}

bool skep_query_has(int target_fd, uint32_t attach_type, uint32_t prog_id)
{
	int code;
	struct skep_attached *attached = skep_query((uint32_t)target_fd, attach_type, 0, &code);
	bool found = false;

	for (size_t i = 0; attached && i < attached->n; i++)
		found |= attached->programs[i].program_id == prog_id;
	skep_attached_free(attached);
	return found;
}

uint32_t skep_query_program_id(int prog_fd)
{
	struct bpf_prog_info info = { 0 };

	return skep_bpf_info(prog_fd, &info, sizeof(info)) ? 0 : info.id;
}
