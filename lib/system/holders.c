// SPDX-License-Identifier: MIT
/* The processes that have file descriptors of programs, maps, links and BTF. */
#include <skep/holders.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"
#include "kernel/file.h"
#include "system/held.h"
#include "system/processes.h"

struct skep_holders {
	struct skep_vec(struct skep_holder) list;
	size_t unseen;
};

SKEP_DEFINE_SCOPED(holders, struct skep_holders, skep_holders_free)

static int by_thing(const void *a, const void *b)
{
	const struct skep_holder *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (x->fd > y->fd) - (x->fd < y->fd);
}

/* The name is asked for once it is known that the process holds something. */
static int add(struct skep_holders *h, int proc, const char *pid, int fd,
	       enum skep_system_kind kind)
{
	char name[64], text[1024];
	struct skep_holder *holder;
	uint32_t id;

	snprintf(name, sizeof(name), "%s/fdinfo/%d", pid, fd);
	if (skep_file_read_at(proc, name, text, sizeof(text)) < 0)
		return 0;
	id = skep_held_id(text, kind);
	if (!id)
		return 0;
	holder = skep_vec_push(&h->list);
	if (!holder)
		return -ENOMEM;
	*holder = (struct skep_holder){
		.kind = kind, .id = id, .pid = (uint32_t)strtoul(pid, NULL, 10), .fd = fd
	};
	snprintf(name, sizeof(name), "%s/comm", pid);
	if (skep_file_read_at(proc, name, text, sizeof(text)) > 0)
		snprintf(holder->comm, sizeof(holder->comm), "%.*s", (int)strcspn(text, "\n"),
			 text);
	return 0;
}

static int look(void *ctx, const struct skep_process_fd *it)
{
	enum skep_system_kind kind;

	return skep_held_kind(it->target, &kind) ? add(ctx, it->proc, it->pid, it->fd, kind) : 0;
}

/* A process that has several of a thing is told once. */
static void sort(struct skep_holders *h)
{
	size_t kept = 0;

	if (h->list.len)
		qsort(h->list.items, h->list.len, sizeof(*h->list.items), by_thing);
	skep_vec_for_each(&h->list, it) {
		struct skep_holder *last = kept ? &h->list.items[kept - 1] : NULL;

		if (!last || last->kind != it->kind || last->id != it->id || last->pid != it->pid)
			h->list.items[kept++] = *it;
	}
	h->list.len = kept;
}

struct skep_holders *skep_holders_read(struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_holders) struct skep_holders *h = calloc(1, sizeof(*h));

	if (!h) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	if (skep_each_process_fd(look, h, &h->unseen, err))
		return NULL;
	sort(h);
	return SKEP_TAKE(h);
}

void skep_holders_free(struct skep_holders *holders)
{
	if (!holders)
		return;
	skep_vec_free(&holders->list);
	free(holders);
}

const struct skep_holder *skep_holders_all(const struct skep_holders *holders, size_t *n)
{
	if (n)
		*n = holders ? holders->list.len : 0;
	return holders ? holders->list.items : NULL;
}

const struct skep_holder *skep_holders_of(const struct skep_holders *holders,
					  enum skep_system_kind kind, uint32_t id, size_t *n)
{
	const struct skep_holder *first = NULL;
	size_t found = 0;

	for (size_t i = 0; holders && i < holders->list.len; i++) {
		const struct skep_holder *it = &holders->list.items[i];

		if (it->kind != kind || it->id != id)
			continue;
		first = first ?: it;
		found++;
	}
	if (n)
		*n = found;
	return first;
}

size_t skep_holders_unseen(const struct skep_holders *holders)
{
	return holders ? holders->unseen : 0;
}
