// SPDX-License-Identifier: MIT
/*
 * What the kernel knows of a link. It is asked twice where strings or arrays need room: first for
 * the type and how much there is of it. A link does not change these while it lives.
 */
#include <skep/link_info.h>

#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"
#include "kernel/uapi_info.h"
#include "link/link.h"

/* The kernel's own limit for what one link attaches to (MAX_KPROBE_MULTI_CNT). */
#define MAX_COUNT (1u << 20)

struct asking {
	int fd;
	struct skep_raw_link_info first, again;
	struct skep_link_info *out;
};

/* Zeroed memory for what the second answer writes, 64-bit values first. NULL: no memory. */
static void *make_room(struct asking *a, size_t values, size_t bytes)
{
	a->out->memory = calloc(1, values * sizeof(uint64_t) + bytes);
	return a->out->memory;
}

static int ask(int fd, struct skep_raw_link_info *raw)
{
	return skep_bpf_info(fd, raw, sizeof(*raw));
}

static int raw_tracepoint(struct asking *a)
{
	uint32_t len = a->first.raw_tracepoint.tp_name_len;
	char *name;

	a->out->raw_tracepoint.cookie = a->first.raw_tracepoint.cookie;
	if (!len || len > PATH_MAX)
		return 0;
	name = make_room(a, 0, len);
	if (!name)
		return -ENOMEM;
	a->again.raw_tracepoint.tp_name = SKEP_PTR(name);
	a->again.raw_tracepoint.tp_name_len = len;
	a->out->raw_tracepoint.name = name;
	return ask(a->fd, &a->again);
}

static int tracing(struct asking *a)
{
	a->out->attach_type = a->first.tracing.attach_type;
	a->out->tracing.object_id = a->first.tracing.target_obj_id;
	a->out->tracing.btf_id = a->first.tracing.target_btf_id;
	a->out->tracing.cookie = a->first.tracing.cookie;
	return 0;
}

static int cgroup(struct asking *a)
{
	a->out->attach_type = a->first.cgroup.attach_type;
	a->out->cgroup.cgroup_id = a->first.cgroup.cgroup_id;
	return 0;
}

static int iter(struct asking *a)
{
	uint32_t len = a->first.iter.target_name_len;
	struct skep_iter_link *out = &a->out->iter;
	char *name;
	int ret;

	if (!len || len > PATH_MAX)
		return 0;
	name = make_room(a, 0, len);
	if (!name)
		return -ENOMEM;
	a->again.iter.target_name = SKEP_PTR(name);
	a->again.iter.target_name_len = len;
	ret = ask(a->fd, &a->again);
	out->target = name;
	out->map_id = a->first.iter.map_id;
	if (!strcmp(name, "cgroup")) {
		out->cgroup_id = a->first.iter.cgroup.cgroup_id;
		out->cgroup_order = a->first.iter.cgroup.order;
	} else if (!strncmp(name, "task", strlen("task"))) {
		out->tid = a->first.iter.task.tid;
		out->pid = a->first.iter.task.pid;
	}
	return ret;
}

static int netns(struct asking *a)
{
	a->out->attach_type = a->first.netns.attach_type;
	a->out->netns.inode = a->first.netns.netns_ino;
	return 0;
}

static int device(struct asking *a)
{
	a->out->attach_type =
		a->out->type == SKEP_LINK_XDP ? (uint32_t)BPF_XDP : a->first.device.attach_type;
	a->out->xdp.ifindex = a->first.device.ifindex;
	return 0;
}

static int map(struct asking *a)
{
	if (a->out->type == SKEP_LINK_SOCKMAP)
		a->out->attach_type = a->first.map.attach_type;
	a->out->sockmap.map_id = a->first.map.map_id;
	return 0;
}

static int netfilter(struct asking *a)
{
	a->out->netfilter.family = a->first.netfilter.pf;
	a->out->netfilter.hook = a->first.netfilter.hooknum;
	a->out->netfilter.priority = a->first.netfilter.priority;
	a->out->netfilter.flags = a->first.netfilter.flags;
	return 0;
}

static int kprobe_multi(struct asking *a)
{
	struct skep_kprobe_multi_link *out = &a->out->kprobe_multi;
	uint32_t n = a->first.kprobe_multi.count;
	uint64_t *values;

	out->flags = a->first.kprobe_multi.flags;
	out->missed = a->first.kprobe_multi.missed;
	if (!n || n > MAX_COUNT)
		return 0;
	values = make_room(a, 2 * (size_t)n, 0);
	if (!values)
		return -ENOMEM;
	a->again.kprobe_multi.count = out->count = n;
	a->again.kprobe_multi.addrs = SKEP_PTR(values);
	a->again.kprobe_multi.cookies = SKEP_PTR(values + n);
	out->addrs = values;
	out->cookies = values + n;
	return ask(a->fd, &a->again);
}

/* The kernel tells the path's length only together with the path. */
static int uprobe_multi(struct asking *a)
{
	struct skep_uprobe_multi_link *out = &a->out->uprobe_multi;
	uint32_t n = a->first.uprobe_multi.count;
	uint64_t *values;

	out->flags = a->first.uprobe_multi.flags;
	out->pid = a->first.uprobe_multi.pid;
	if (!n || n > MAX_COUNT)
		return 0;
	values = make_room(a, 3 * (size_t)n, PATH_MAX);
	if (!values)
		return -ENOMEM;
	a->again.uprobe_multi.count = out->count = n;
	a->again.uprobe_multi.offsets = SKEP_PTR(values);
	a->again.uprobe_multi.ref_ctr_offsets = SKEP_PTR(values + n);
	a->again.uprobe_multi.cookies = SKEP_PTR(values + 2 * (size_t)n);
	a->again.uprobe_multi.path = SKEP_PTR(values + 3 * (size_t)n);
	a->again.uprobe_multi.path_size = PATH_MAX;
	out->offsets = values;
	out->ref_ctr_offsets = values + n;
	out->cookies = values + 2 * (size_t)n;
	out->path = (const char *)(values + 3 * (size_t)n);
	return ask(a->fd, &a->again);
}

static int tracing_multi(struct asking *a)
{
	struct skep_tracing_multi_link *out = &a->out->tracing_multi;
	uint32_t n = a->first.tracing_multi.count;
	uint64_t *values;

	a->out->attach_type = a->first.tracing_multi.attach_type;
	out->object_id = a->first.tracing_multi.btf_obj_id;
	if (!n || n > MAX_COUNT)
		return 0;
	values = make_room(a, 2 * (size_t)n, n * sizeof(uint32_t));
	if (!values)
		return -ENOMEM;
	a->again.tracing_multi.count = out->count = n;
	a->again.tracing_multi.addrs = SKEP_PTR(values);
	a->again.tracing_multi.cookies = SKEP_PTR(values + n);
	a->again.tracing_multi.ids = SKEP_PTR(values + 2 * (size_t)n);
	out->addrs = values;
	out->cookies = values + n;
	out->btf_ids = (const uint32_t *)(values + 2 * (size_t)n);
	return ask(a->fd, &a->again);
}

static void uprobe(const struct skep_raw_link_info *raw, struct skep_perf_event_link *out)
{
	out->offset = raw->perf_event.uprobe.offset;
	out->cookie = raw->perf_event.uprobe.cookie;
	out->ref_ctr_offset = raw->perf_event.uprobe.ref_ctr_offset;
}

static void kprobe(const struct skep_raw_link_info *raw, struct skep_perf_event_link *out)
{
	out->offset = raw->perf_event.kprobe.offset;
	out->address = raw->perf_event.kprobe.addr;
	out->missed = raw->perf_event.kprobe.missed;
	out->cookie = raw->perf_event.kprobe.cookie;
}

static int perf_event(struct asking *a)
{
	struct skep_perf_event_link *out = &a->out->perf_event;
	char *name;

	out->kind = a->first.perf_event.type;
	switch (out->kind) {
	case SKEP_PERF_LINK_UPROBE:
	case SKEP_PERF_LINK_URETPROBE:
		uprobe(&a->first, out);
		break;
	case SKEP_PERF_LINK_KPROBE:
	case SKEP_PERF_LINK_KRETPROBE:
		kprobe(&a->first, out);
		break;
	case SKEP_PERF_LINK_TRACEPOINT:
		out->cookie = a->first.perf_event.tracepoint.cookie;
		break;
	case SKEP_PERF_LINK_EVENT:
		out->event_type = a->first.perf_event.event.type;
		out->event_config = a->first.perf_event.event.config;
		out->cookie = a->first.perf_event.event.cookie;
		return 0;
	default:
		return 0;
	}
	/* The name and its length are at the same place for all three. */
	name = make_room(a, 0, PATH_MAX);
	if (!name)
		return -ENOMEM;
	a->again.perf_event.tracepoint.tp_name = SKEP_PTR(name);
	a->again.perf_event.tracepoint.name_len = PATH_MAX;
	out->name = name;
	return ask(a->fd, &a->again);
}

static const struct {
	const char *name;
	int (*read)(struct asking *a);
} types[] = {
	[SKEP_LINK_NONE] = { "none", NULL },
	[SKEP_LINK_RAW_TRACEPOINT] = { "raw_tracepoint", raw_tracepoint },
	[SKEP_LINK_TRACING] = { "tracing", tracing },
	[SKEP_LINK_CGROUP] = { "cgroup", cgroup },
	[SKEP_LINK_ITER] = { "iter", iter },
	[SKEP_LINK_NETNS] = { "netns", netns },
	[SKEP_LINK_XDP] = { "xdp", device },
	[SKEP_LINK_PERF_EVENT] = { "perf_event", perf_event },
	[SKEP_LINK_KPROBE_MULTI] = { "kprobe_multi", kprobe_multi },
	[SKEP_LINK_STRUCT_OPS] = { "struct_ops", map },
	[SKEP_LINK_NETFILTER] = { "netfilter", netfilter },
	[SKEP_LINK_TCX] = { "tcx", device },
	[SKEP_LINK_UPROBE_MULTI] = { "uprobe_multi", uprobe_multi },
	[SKEP_LINK_NETKIT] = { "netkit", device },
	[SKEP_LINK_SOCKMAP] = { "sockmap", map },
	[SKEP_LINK_TRACING_MULTI] = { "tracing_multi", tracing_multi },
};

#define N_TYPES (sizeof(types) / sizeof(types[0]))

const char *skep_link_type_name(uint32_t type)
{
	return type < N_TYPES ? types[type].name : "unknown";
}

static int fill(int fd, struct skep_link_info *out)
{
	struct asking a = { .fd = fd, .out = out };
	int ret;

	memset(&a.first, 0, sizeof(a.first));
	memset(&a.again, 0, sizeof(a.again));
	ret = ask(fd, &a.first);
	/* The answer of kernels to an fd that is a perf event, or for links before 5.8. */
	if (ret == -EINVAL)
		return skep_link_info_of_event(fd, out);
	if (ret)
		return ret;
	out->type = a.first.type;
	out->id = a.first.id;
	out->prog_id = a.first.prog_id;
	return out->type < N_TYPES && types[out->type].read ? types[out->type].read(&a) : 0;
}

int skep_link_info_of_fd(int fd, struct skep_link_info *info, struct skep_error *err)
{
	struct skep_link_info full = { .size = info ? info->size : 0 };
	int ret = 0;

	if (!info || info->size < offsetof(struct skep_link_info, raw_tracepoint))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "the size of struct skep_link_info is not set");
	if (fd >= 0)
		ret = fill(fd, &full);
	if (ret) {
		free(full.memory);
		return skep_error_set_errno(err, SKEP_STAGE_ATTACH, ret,
					    "the kernel does not tell about the link");
	}
	memcpy(info, &full, info->size < sizeof(full) ? info->size : sizeof(full));
	return 0;
}

int skep_link_info(const struct skep_link *link, struct skep_link_info *info,
		   struct skep_error *err)
{
	int ret;

	if (!link)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "link");
	ret = skep_link_info_of_fd(skep_link_fd(link), info, err);
	if (ret)
		skep_error_add_subject(err, "link '%s'", skep_link_label(link));
	return ret;
}

int skep_link_info_by_id(uint32_t id, struct skep_link_info *info, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_bpf_fd_by_id(BPF_LINK_GET_FD_BY_ID, id);

	if (fd >= 0)
		return skep_link_info_of_fd(fd, info, err);
	if (fd == -ENOENT)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "there is no link %u", id);
	if (fd == -EPERM)
		return skep_rights_explain(err, SKEP_STAGE_ATTACH, fd, SKEP_RIGHT_SYS_ADMIN,
					   "links of others may not be looked at");
	return skep_error_set_errno(err, SKEP_STAGE_ATTACH, fd, "link %u cannot be opened", id);
}

void skep_link_info_free(struct skep_link_info *info)
{
	if (!info)
		return;
	free(info->memory);
	info->memory = NULL;
}
