// SPDX-License-Identifier: MIT
/* The processes that have file descriptors of programs, maps, links and BTF. */
#include <skep/holders.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "base/vec.h"
#include "kernel/file.h"
#include "system/held.h"
#include "system/processes.h"

struct list skep_vec(struct skep_holder);

struct skep_holders {
	struct list list;
	size_t unseen;
};

/* What one thread finds. */
struct search {
	unsigned int kinds; /* as bits */
	struct list found;
};

#define MAX_THREADS 8

SKEP_DEFINE_SCOPED(holders, struct skep_holders, skep_holders_free)

static int by_thing(const void *a, const void *b)
{
	const struct skep_holder *x = a, *y = b;
	int order = skep_held_compare(x, y);

	if (order)
		return order;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (x->fd > y->fd) - (x->fd < y->fd);
}

/* 0: it has none. */
static uint32_t read_id(const struct skep_process_fd *it, enum skep_system_kind kind)
{
	char path[64], text[1024];

	snprintf(path, sizeof(path), "%s/fdinfo/%d", it->pid, it->fd);
	if (skep_file_read_once_at(it->proc, path, text, sizeof(text)) < 0)
		return 0;
	return skep_held_id(text, kind);
}

/* The name is asked for once it is known that the process holds something. */
static void name_process(const struct skep_process_fd *it, char comm[16])
{
	char path[64];

	snprintf(path, sizeof(path), "%s/comm", it->pid);
	*comm = '\0';
	if (skep_file_read_once_at(it->proc, path, comm, 16) > 0)
		comm[strcspn(comm, "\n")] = '\0';
}

static int look(void *ctx, const struct skep_process_fd *it)
{
	struct search *s = ctx;
	struct skep_holder found = { .fd = it->fd }, *last, *slot;

	if (!skep_held_kind(it->target, &found.kind) || !(s->kinds & 1u << found.kind))
		return 0;
	found.id = read_id(it, found.kind);
	if (!found.id)
		return 0;
	found.pid = (uint32_t)strtoul(it->pid, NULL, 10);
	last = s->found.len ? &s->found.items[s->found.len - 1] : NULL;
	if (last && last->pid == found.pid)
		memcpy(found.comm, last->comm, sizeof(found.comm));
	else
		name_process(it, found.comm);
	slot = skep_vec_push(&s->found);
	if (!slot)
		return -ENOMEM;
	*slot = found;
	return 0;
}

static int search_all(struct skep_holders *h, unsigned int kinds, struct skep_error *err)
{
	struct search searches[MAX_THREADS] = { 0 };
	void *ctxs[MAX_THREADS];
	int ret;

	for (size_t i = 0; i < MAX_THREADS; i++) {
		searches[i].kinds = kinds;
		ctxs[i] = &searches[i];
	}
	ret = skep_each_process_fd(look, ctxs, MAX_THREADS, &h->unseen, err);
	for (size_t i = 0; i < MAX_THREADS; i++) {
		struct list *found = &searches[i].found;

		if (!ret && found->len && skep_vec_reserve(&h->list, found->len)) {
			ret = skep_error_nomem(err, SKEP_STAGE_READ);
		} else if (!ret && found->len) {
			memcpy(h->list.items + h->list.len, found->items,
			       found->len * sizeof(*found->items));
			h->list.len += found->len;
		}
		skep_vec_free(found);
	}
	return ret;
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

struct skep_holders *skep_holders_read(const struct skep_holders_opts *opts, struct skep_error *err)
{
	const struct skep_holders_opts o = SKEP_OPTS(struct skep_holders_opts, opts);
	SKEP_SCOPED(skep_scoped_holders) struct skep_holders *h = calloc(1, sizeof(*h));

	if (!h) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	if (search_all(h, o.kinds ?: UINT_MAX, err))
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
	const struct skep_held_thing thing = { kind, id };

	return skep_held_find(holders ? holders->list.items : NULL, holders ? holders->list.len : 0,
			      sizeof(struct skep_holder), &thing, n);
}

size_t skep_holders_unseen(const struct skep_holders *holders)
{
	return holders ? holders->unseen : 0;
}
