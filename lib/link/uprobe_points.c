// SPDX-License-Identifier: MIT
/*
 * Ways to attach to places of a file, newest first: one link for all (uprobe.multi, 6.6), an event
 * of the source "uprobe" each (4.17), an event made in tracefs each.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/perf.h"
#include "kernel/pmu.h"
#include "kernel/probe_event.h"
#include "kernel/uapi.h"
#include "link/uprobe.h"

#define MULTI_RETURN 1u	     /* BPF_F_UPROBE_MULTI_RETURN */
#define NO_MULTI     INT_MIN /* as an answer: the kernel does not know such links */
#define MAX_PLACE    (PATH_MAX + 64)

/* A process's event may be on any CPU; for every process one CPU stands for all. */
static int open_event(const struct skep_uprobe *uprobe, struct perf_event_attr *attr)
{
	attr->disabled = 1;
	return uprobe->pid ? skep_perf_open(attr, uprobe->pid, -1) : skep_perf_open(attr, -1, 0);
}

/* -ENODEV: the kernel has no event source "uprobe", or none that counts. */
static int open_source(const struct skep_uprobe *uprobe, const struct skep_uprobe_point *point)
{
	struct perf_event_attr attr = { .uprobe_path = SKEP_PTR(uprobe->binary->path),
					.probe_offset = point->offset };
	int type = skep_pmu_type("uprobe");
	int ret_bit = skep_pmu_config_bit("uprobe", "retprobe");
	int counter_bit = skep_pmu_config_bit("uprobe", "ref_ctr_offset");

	if (type < 0 || ret_bit < 0 || (point->ref_ctr && counter_bit < 0))
		return -ENODEV;
	attr.type = (uint32_t)type;
	attr.config = (uint64_t)uprobe->is_return << ret_bit;
	if (point->ref_ctr) {
		if (point->ref_ctr << counter_bit >> counter_bit != point->ref_ctr)
			return -EFBIG;
		attr.config |= point->ref_ctr << counter_bit;
	}
	return open_event(uprobe, &attr);
}

/* -ENAMETOOLONG also for a path that a line cannot hold. */
static int open_line(const struct skep_uprobe *uprobe, const struct skep_uprobe_point *point,
		     struct skep_probe_event *event, struct skep_error *err)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT };
	char place[MAX_PLACE];
	int len, ret;

	if (strpbrk(uprobe->binary->path, " \t\n#"))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "this kernel takes no path with spaces or #: '%s'",
				      uprobe->binary->label);
	len = snprintf(place, sizeof(place), "%s:0x%llx", uprobe->binary->path,
		       (unsigned long long)point->offset);
	if (point->ref_ctr)
		snprintf(place + len, sizeof(place) - (size_t)len, "(0x%llx)",
			 (unsigned long long)point->ref_ctr);
	ret = skep_probe_event_add(event, "uprobe_events", uprobe->is_return, place, err);
	if (ret)
		return event->name[0] ? skep_uprobe_refused(uprobe, point, ret, err) : ret;
	attr.config = (uint64_t)event->id;
	ret = open_event(uprobe, &attr);
	if (ret >= 0)
		return ret;
	skep_probe_event_remove(event);
	return skep_uprobe_refused(uprobe, point, ret, err);
}

static int add_by_line(const struct skep_uprobe *uprobe, const struct skep_uprobe_point *point,
		       struct skep_link *link, struct skep_error *err)
{
	struct skep_uprobe_state *state = link->state;
	struct skep_probe_event *events =
		realloc(state->events, (state->n_events + 1) * sizeof(*events));
	int fd;

	if (!events)
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	state->events = events;
	fd = open_line(uprobe, point, &events[state->n_events], err);
	state->n_events += fd >= 0;
	return fd;
}

static int no_cookies(struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP, "this kernel has no cookies for probes");
	skep_error_add_hint(err, "they came with Linux 5.15");
	return -ENOTSUP;
}

static int add_point(const struct skep_uprobe *uprobe, const struct skep_uprobe_point *point,
		     struct skep_link *link, struct skep_error *err)
{
	int fd = open_source(uprobe, point);

	if (fd == -ENODEV)
		fd = add_by_line(uprobe, point, link, err);
	else if (fd < 0)
		fd = skep_uprobe_refused(uprobe, point, fd, err);
	if (fd < 0)
		return fd;
	fd = skep_link_perf(fd, skep_program_fd(uprobe->program), point->cookie);
	if (fd == -EINVAL && point->cookie)
		return no_cookies(err);
	if (fd < 0)
		return skep_uprobe_refused(uprobe, point, fd, err);
	return skep_link_add_fd(link, fd, err);
}

static bool is_multi(const struct skep_uprobe *uprobe)
{
	uint32_t type = skep_program_spec(uprobe->program)->attach_type;

	return type == SKEP_TRACE_UPROBE_MULTI || type == SKEP_TRACE_UPROBE_SESSION;
}

static bool is_session(const struct skep_uprobe *uprobe)
{
	return skep_program_spec(uprobe->program)->attach_type == SKEP_TRACE_UPROBE_SESSION;
}

static int create_multi(const struct skep_uprobe *uprobe, const char *path, const uint64_t *lists)
{
	struct skep_attr_link_create attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)skep_program_fd(uprobe->program);
	attr.attach_type = skep_program_spec(uprobe->program)->attach_type;
	attr.uprobe_multi.path = SKEP_PTR(path);
	attr.uprobe_multi.offsets = SKEP_PTR(lists);
	attr.uprobe_multi.ref_ctr_offsets = SKEP_PTR(lists + uprobe->n);
	attr.uprobe_multi.cookies = uprobe->has_cookies ? SKEP_PTR(lists + 2 * uprobe->n) : 0;
	attr.uprobe_multi.cnt = (uint32_t)uprobe->n;
	attr.uprobe_multi.flags = uprobe->is_return ? MULTI_RETURN : 0;
	attr.uprobe_multi.pid = (uint32_t)uprobe->pid;
	return skep_bpf_link_create(&attr);
}

static int fill_multi(const struct skep_uprobe *uprobe, int *answer)
{
	uint64_t *lists = calloc(uprobe->n, 3 * sizeof(*lists));

	if (!lists)
		return -ENOMEM;
	for (size_t i = 0; i < uprobe->n; i++) {
		lists[i] = uprobe->points[i].offset;
		lists[uprobe->n + i] = uprobe->points[i].ref_ctr;
		lists[2 * uprobe->n + i] = uprobe->points[i].cookie;
	}
	*answer = create_multi(uprobe, uprobe->binary->path, lists);
	/* A kernel that knows uprobe.multi looks at the path first, and a folder is no file to it.
	 */
	if (*answer < 0 && create_multi(uprobe, "/", lists) != -EBADF)
		*answer = NO_MULTI;
	free(lists);
	return 0;
}

/* 1: the kernel has no such links, and there is an older way. */
static int attach_multi(const struct skep_uprobe *uprobe, struct skep_link *link,
			struct skep_error *err)
{
	int answer = 0;

	if (fill_multi(uprobe, &answer))
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	if (answer >= 0)
		return skep_link_add_fd(link, answer, err);
	if (answer != NO_MULTI)
		return skep_uprobe_refused(uprobe, &uprobe->points[0], answer, err);
	if (!is_session(uprobe))
		return 1;
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP, "this kernel has no uprobe.session");
	skep_error_add_hint(err, "it came with Linux 6.13; a uprobe and a uretprobe together see "
				 "the same calls, but not which return belongs to which");
	return -ENOTSUP;
}

int skep_uprobe_attach(const struct skep_uprobe *uprobe, struct skep_link *link,
		       struct skep_error *err)
{
	int ret = is_multi(uprobe) ? attach_multi(uprobe, link, err) : 1;

	if (ret <= 0)
		return ret;
	ret = 0;
	for (size_t i = 0; i < uprobe->n && !ret; i++)
		ret = add_point(uprobe, &uprobe->points[i], link, err);
	return ret;
}

/* Events can be removed when nothing is attached to them any more. */
void skep_uprobe_release(struct skep_link *link)
{
	struct skep_uprobe_state *state = link->state;

	for (size_t i = 0; i < link->n_fds; i++)
		close(link->fds[i]);
	link->n_fds = 0;
	for (size_t i = 0; i < state->n_events; i++)
		skep_probe_event_remove(&state->events[i]);
	free(state->events);
	state->events = NULL;
	state->n_events = 0;
}
