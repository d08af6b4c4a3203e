// SPDX-License-Identifier: MIT
#include "link/kprobe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/opts.h"
#include "kernel/perf.h"
#include "kernel/pmu.h"
#include "kernel/probe_event.h"
#include "kernel/rights.h"
#include "kernel/uapi.h"

#define ANY_PROCESS   (-1)
#define KSYM_NAME_LEN 512 /* of the kernel, since 6.1 */
#define MAX_PLACE     (KSYM_NAME_LEN + 32)

/* The first CPU will do: programs run wherever the probe is hit (kprobe_perf_func). */
static int open_event(struct perf_event_attr *attr)
{
	return skep_perf_open(attr, ANY_PROCESS, 0);
}

/* By the event source "kprobe" (4.17). -ENODEV: there is none. */
static int open_source(const struct skep_kprobe *p)
{
	int type = skep_pmu_type("kprobe");
	int bit = skep_pmu_config_bit("kprobe", "retprobe");
	struct perf_event_attr attr = { .disabled = 1 };

	if (type < 0 || bit < 0)
		return -ENODEV;
	attr.type = (uint32_t)type;
	attr.config = (uint64_t)p->is_return << bit;
	attr.kprobe_func = SKEP_PTR(p->function);
	attr.probe_offset = p->function ? p->offset : p->address;
	return open_event(&attr);
}

/* Closing the events lets go of the probe, which can then be removed. */
static void remove_event(struct skep_link *link)
{
	for (size_t i = 0; i < link->n_fds; i++)
		close(link->fds[i]);
	link->n_fds = 0;
	skep_probe_event_remove(link->state);
}

static const struct skep_link_ops tracefs_ops = { .detach = remove_event };

static struct skep_link *new_link(const struct skep_kprobe *p, struct skep_probe_event *event,
				  int perf_fd, struct skep_error *err)
{
	int fd = skep_link_perf(perf_fd, skep_program_fd(p->program), p->cookie);
	struct skep_link *link;

	if (fd == -EINVAL && p->cookie) {
		skep_link_no_cookies(p->hook, "5.15", err);
		return NULL;
	}
	if (fd < 0) {
		skep_link_refused(err, fd, SKEP_RIGHT_PERFMON, p->hook);
		return NULL;
	}
	link = skep_link_new(event ? &tracefs_ops : NULL, fd, err, "%s", p->hook);
	if (link)
		link->state = event;
	return link;
}

static void format_place(const struct skep_kprobe *p, char *place, size_t size)
{
	if (!p->function)
		snprintf(place, size, "0x%" PRIx64, p->address);
	else if (p->offset)
		snprintf(place, size, "%s+0x%" PRIx64, p->function, p->offset);
	else
		snprintf(place, size, "%s", p->function);
}

/* By a line in tracefs. */
static struct skep_link *attach_by_tracefs(const struct skep_kprobe *p, int *answer,
					   struct skep_error *err)
{
	struct skep_probe_event *event = calloc(1, sizeof(*event));
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .disabled = 1 };
	struct skep_link *link = NULL;
	char place[MAX_PLACE];
	int ret;

	if (!event) {
		skep_error_nomem(err, SKEP_STAGE_ATTACH);
		return NULL;
	}
	format_place(p, place, sizeof(place));
	ret = skep_probe_event_add(event, "kprobe_events", p->is_return, place, err);
	if (ret) {
		*answer = event->name[0] ? ret : 0;
		free(event);
		return NULL;
	}
	attr.config = (uint64_t)event->id;
	ret = open_event(&attr);
	if (ret >= 0)
		link = new_link(p, event, ret, err);
	else
		skep_link_refused(err, ret, SKEP_RIGHT_PERFMON, p->hook);
	if (!link) {
		skep_probe_event_remove(event);
		free(event);
	}
	return link;
}

struct skep_link *skep_kprobe_attach(struct skep_kprobe *p, int *answer, struct skep_error *err)
{
	char place[MAX_PLACE];
	int fd;

	*answer = 0;
	format_place(p, place, sizeof(place));
	snprintf(p->hook, sizeof(p->hook), "%s %.128s", p->is_return ? "kretprobe" : "kprobe",
		 place);
	fd = open_source(p);
	if (fd == -ENODEV)
		return attach_by_tracefs(p, answer, err);
	if (fd >= 0)
		return new_link(p, NULL, fd, err);
	*answer = fd;
	return NULL;
}

/* Long names of functions are cut nowhere, and nothing in one can end a line of tracefs. */
static bool is_name(const char *function)
{
	size_t len = strlen(function);

	return len && len < KSYM_NAME_LEN &&
	       strspn(function, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				"_.$:") == len;
}

static int check(const struct skep_kprobe *p, struct skep_error *err)
{
	int ret = skep_link_check(p->program, BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_KPROBE,
				  "a kernel function", err);

	if (ret)
		return ret;
	if (!p->function == !p->address)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "it takes either a function or an address");
	if (p->function && !is_name(p->function))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "'%.80s' cannot be a function's name", p->function);
	if (!p->is_return || (!p->offset && p->function))
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
		       "a function's return has no place in it, and so no offset");
	skep_error_add_hint(err, "use a kprobe for an instruction inside the function");
	return -EINVAL;
}

struct skep_link *skep_program_attach_kprobe(const struct skep_program *program,
					     const char *function,
					     const struct skep_kprobe_opts *opts,
					     struct skep_error *err)
{
	const struct skep_kprobe_opts o = SKEP_OPTS(struct skep_kprobe_opts, opts);
	struct skep_kprobe probe = { .program = program,
				     .function = function,
				     .offset = o.offset,
				     .address = o.address,
				     .cookie = o.cookie,
				     .is_return = o.retprobe ||
						  skep_link_in_section(program, "kretprobe") };
	struct skep_link *link;
	int answer;

	if (check(&probe, err))
		return skep_link_fail(program, err);
	link = skep_kprobe_attach(&probe, &answer, err);
	if (answer)
		skep_kprobe_refused(&probe, answer, err);
	return link ? link : skep_link_fail(program, err);
}

/* "vfs_read", "vfs_read+0x10" */
struct skep_link *skep_kprobe_by_section(const struct skep_program *program, struct skep_error *err)
{
	const char *target = skep_program_spec(program)->target;
	struct skep_kprobe_opts opts = { .size = sizeof(opts) };
	size_t len = strcspn(target, "+");
	char function[KSYM_NAME_LEN], *end;

	if (target[len]) {
		opts.offset = strtoull(target + len + 1, &end, 0);
		if (end == target + len + 1 || *end)
			len = sizeof(function);
	}
	if (len >= sizeof(function)) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "'%.80s' does not name a function as NAME or NAME+OFFSET", target);
		return skep_link_fail(program, err);
	}
	memcpy(function, target, len);
	function[len] = '\0';
	return skep_program_attach_kprobe(program, function, &opts, err);
}
