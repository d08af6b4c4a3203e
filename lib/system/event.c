// SPDX-License-Identifier: MIT
/* Programs on perf events that processes hold: what no walk over links finds. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/rights.h"
#include "system/processes.h"
#include "system/system.h"

struct event_memory {
	struct skep_system_event event; /* first: the public pointer is this one's */
	char name[PATH_MAX];
};

static int refused(int code, struct skep_error *err)
{
	switch (code) {
	case -ENOENT:
		return skep_error_set(err, SKEP_STAGE_READ, code,
				      "there is no such process, or nothing runs on this event");
	case -EBADF:
		return skep_error_set(err, SKEP_STAGE_READ, code,
				      "the process has no such file descriptor");
	case -SKEP_ENOTSUPP:
	case -EOPNOTSUPP:
		return skep_error_set(err, SKEP_STAGE_READ, ENOTSUP,
				      "it is no tracepoint or probe with a program");
	case -EPERM:
	case -EACCES:
		return skep_rights_explain(err, SKEP_STAGE_READ, code, SKEP_RIGHT_SYS_ADMIN,
					   "file descriptors of processes may not be asked about");
	default:
		return skep_error_set_errno(err, SKEP_STAGE_READ, code,
					    "the kernel does not tell about it");
	}
}

static int ask(uint32_t pid, int fd, struct event_memory *m)
{
	struct skep_attr_task_fd_query attr = {
		.pid = pid, .fd = (uint32_t)fd, .buf = SKEP_PTR(m->name), .buf_len = sizeof(m->name)
	};
	int ret = skep_bpf_task_fd_query(&attr);

	if (ret)
		return ret;
	m->name[sizeof(m->name) - 1] = '\0';
	m->event = (struct skep_system_event){ .size = sizeof(m->event),
					       .pid = pid,
					       .fd = fd,
					       .prog_id = attr.prog_id,
					       .kind = attr.fd_type,
					       .name = m->name,
					       .offset = attr.probe_offset,
					       .address = attr.probe_addr };
	return 0;
}

struct skep_system_event *skep_system_event_read(uint32_t pid, int fd, struct skep_error *err)
{
	struct event_memory *m = calloc(1, sizeof(*m));
	int ret;

	if (!m) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	ret = fd < 0 ? -EBADF : ask(pid, fd, m);
	if (!ret)
		return &m->event;
	free(m);
	refused(ret, err);
	skep_error_add_subject(err, "fd %d of process %u", fd, pid);
	return NULL;
}

void skep_system_event_free(struct skep_system_event *event)
{
	free(event);
}

struct walk {
	skep_system_event_fn fn;
	void *ctx;
	struct event_memory *memory;
	int64_t n;
	int denied;
};

/* An event without a program, and one that is closed meanwhile, are none. */
static int look(void *ctx, const struct skep_process_fd *it)
{
	struct walk *walk = ctx;
	int ret;

	if (strcmp(it->target, "anon_inode:[perf_event]") != 0)
		return 0;
	ret = ask((uint32_t)strtoul(it->pid, NULL, 10), it->fd, walk->memory);
	if (ret == -EPERM || ret == -EACCES)
		walk->denied = ret;
	if (ret)
		return walk->denied;
	walk->n++;
	return walk->fn(walk->ctx, &walk->memory->event);
}

int64_t skep_system_events(skep_system_event_fn fn, void *ctx, size_t *unseen,
			   struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) struct event_memory *memory = calloc(1, sizeof(*memory));
	struct walk walk = { .fn = fn, .ctx = ctx, .memory = memory };
	void *only = &walk;
	size_t hidden = 0;
	int ret;

	if (!fn)
		return skep_error_null(err, SKEP_STAGE_READ, "fn");
	if (!memory)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	ret = skep_each_process_fd(look, &only, 1, &hidden, err);
	if (unseen)
		*unseen = hidden;
	if (walk.denied)
		return refused(walk.denied, err);
	return ret ? ret : walk.n;
}
