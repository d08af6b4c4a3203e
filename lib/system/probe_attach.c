// SPDX-License-Identifier: MIT
/*
 * Which places programs can be attached to. Many are checked when a program is loaded for them;
 * the others only when it is attached, which is tried where it must fail behind that check: at an
 * interface that does not exist, with addresses that cannot be read.
 */
#include <linux/btf.h>
#include <skep/btf.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/uapi.h"
#include "load/probe.h"
#include "load/program_rights.h"
#include "system/probe.h"

enum way {
	NOT_THERE, /* no row */
	BY_LOAD,
	BY_TEST_FUNCTION, /* attached to a function that only test runs call */
	BY_LINK,	  /* a link that cannot be, and the errno that it gives */
	BY_VALUE_SIZE,	  /* maps hold programs beside their entries */
	BY_SOCKMAP,
	BY_MAP_TYPE, /* struct_ops */
};

static const struct place {
	uint32_t type;
	enum way way;
	int code; /* BY_LINK: the errno of a kernel that knows the place */
} places[] = {
#define LOAD(attach, type)		   [attach] = { type, BY_LOAD, 0 }
#define FUNCTION(attach)		   [attach] = { BPF_PROG_TYPE_TRACING, BY_TEST_FUNCTION, 0 }
#define LINK(attach, type, expected_errno) [attach] = { type, BY_LINK, expected_errno }
	LOAD(BPF_CGROUP_INET_INGRESS, BPF_PROG_TYPE_CGROUP_SKB),
	LOAD(BPF_CGROUP_INET_EGRESS, BPF_PROG_TYPE_CGROUP_SKB),
	LOAD(BPF_CGROUP_INET_SOCK_CREATE, BPF_PROG_TYPE_CGROUP_SOCK),
	LOAD(BPF_CGROUP_INET_SOCK_RELEASE, BPF_PROG_TYPE_CGROUP_SOCK),
	LOAD(BPF_CGROUP_INET4_POST_BIND, BPF_PROG_TYPE_CGROUP_SOCK),
	LOAD(BPF_CGROUP_INET6_POST_BIND, BPF_PROG_TYPE_CGROUP_SOCK),
	LOAD(BPF_CGROUP_SOCK_OPS, BPF_PROG_TYPE_SOCK_OPS),
	LOAD(BPF_CGROUP_DEVICE, BPF_PROG_TYPE_CGROUP_DEVICE),
	LOAD(BPF_CGROUP_SYSCTL, BPF_PROG_TYPE_CGROUP_SYSCTL),
	LOAD(BPF_CGROUP_INET4_BIND, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_INET6_BIND, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_INET4_CONNECT, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_INET6_CONNECT, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_UDP4_SENDMSG, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_UDP6_SENDMSG, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_UDP4_RECVMSG, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_UDP6_RECVMSG, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_INET4_GETPEERNAME, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_INET6_GETPEERNAME, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_INET4_GETSOCKNAME, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_INET6_GETSOCKNAME, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(SKEP_CGROUP_UNIX_CONNECT, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(SKEP_CGROUP_UNIX_SENDMSG, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(SKEP_CGROUP_UNIX_RECVMSG, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(SKEP_CGROUP_UNIX_GETPEERNAME, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(SKEP_CGROUP_UNIX_GETSOCKNAME, BPF_PROG_TYPE_CGROUP_SOCK_ADDR),
	LOAD(BPF_CGROUP_GETSOCKOPT, BPF_PROG_TYPE_CGROUP_SOCKOPT),
	LOAD(BPF_CGROUP_SETSOCKOPT, BPF_PROG_TYPE_CGROUP_SOCKOPT),
	LOAD(BPF_SK_SKB_STREAM_PARSER, BPF_PROG_TYPE_SK_SKB),
	LOAD(BPF_SK_SKB_STREAM_VERDICT, BPF_PROG_TYPE_SK_SKB),
	LOAD(BPF_SK_MSG_VERDICT, BPF_PROG_TYPE_SK_MSG),
	LOAD(BPF_LIRC_MODE2, BPF_PROG_TYPE_LIRC_MODE2),
	LOAD(BPF_FLOW_DISSECTOR, BPF_PROG_TYPE_FLOW_DISSECTOR),
	LOAD(BPF_SK_LOOKUP, BPF_PROG_TYPE_SK_LOOKUP),
	LOAD(BPF_SK_REUSEPORT_SELECT, BPF_PROG_TYPE_SK_REUSEPORT),
	LOAD(BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, BPF_PROG_TYPE_SK_REUSEPORT),
	LOAD(BPF_XDP, BPF_PROG_TYPE_XDP),
	LOAD(SKEP_NETFILTER, SKEP_PROG_TYPE_NETFILTER),
	LOAD(BPF_TRACE_RAW_TP, BPF_PROG_TYPE_TRACING),
	LOAD(BPF_TRACE_ITER, BPF_PROG_TYPE_TRACING),
	LOAD(BPF_LSM_MAC, BPF_PROG_TYPE_LSM),
	LOAD(BPF_LSM_CGROUP, BPF_PROG_TYPE_LSM),
	FUNCTION(BPF_TRACE_FENTRY),
	FUNCTION(BPF_TRACE_FEXIT),
	FUNCTION(BPF_MODIFY_RETURN),
	FUNCTION(SKEP_TRACE_FSESSION),
	LOAD(SKEP_TRACE_FENTRY_MULTI, BPF_PROG_TYPE_TRACING),
	LOAD(SKEP_TRACE_FEXIT_MULTI, BPF_PROG_TYPE_TRACING),
	LOAD(SKEP_TRACE_FSESSION_MULTI, BPF_PROG_TYPE_TRACING),
	LINK(BPF_PERF_EVENT, BPF_PROG_TYPE_KPROBE, EBADF),
	LINK(BPF_TRACE_KPROBE_MULTI, BPF_PROG_TYPE_KPROBE, EFAULT),
	LINK(SKEP_TRACE_KPROBE_SESSION, BPF_PROG_TYPE_KPROBE, EFAULT),
	LINK(SKEP_TRACE_UPROBE_MULTI, BPF_PROG_TYPE_KPROBE, EBADF),
	LINK(SKEP_TRACE_UPROBE_SESSION, BPF_PROG_TYPE_KPROBE, EBADF),
	LINK(SKEP_TCX_INGRESS, BPF_PROG_TYPE_SCHED_CLS, ENODEV),
	LINK(SKEP_TCX_EGRESS, BPF_PROG_TYPE_SCHED_CLS, ENODEV),
	LINK(SKEP_NETKIT_PRIMARY, BPF_PROG_TYPE_SCHED_CLS, ENODEV),
	LINK(SKEP_NETKIT_PEER, BPF_PROG_TYPE_SCHED_CLS, ENODEV),
	[BPF_XDP_DEVMAP] = { BPF_MAP_TYPE_DEVMAP, BY_VALUE_SIZE, 0 },
	[BPF_XDP_CPUMAP] = { BPF_MAP_TYPE_CPUMAP, BY_VALUE_SIZE, 0 },
	[BPF_SK_SKB_VERDICT] = { BPF_PROG_TYPE_SK_SKB, BY_SOCKMAP, 0 },
	[SKEP_STRUCT_OPS] = { BPF_MAP_TYPE_STRUCT_OPS, BY_MAP_TYPE, 0 },
};

/*
 * The kernel's own list of places, where it can be read: older kernels load some programs for a
 * place that they do not know.
 */
static bool is_not_listed(uint32_t attach_type)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);
	uint32_t id = btf ? skep_btf_find(btf, "bpf_attach_type", BTF_KIND_ENUM) : 0;
	const struct btf_type *t = id ? skep_btf_type(btf, id) : NULL;

	/* The last is the number of places. */
	return t && skep_btf_vlen(t) &&
	       attach_type >= (uint32_t)skep_btf_enums(t)[skep_btf_vlen(t) - 1].val;
}

static void describe_link(struct skep_attr_link_create *link, uint32_t attach_type)
{
	static const uint64_t some = 1;

	memset(link, 0, sizeof(*link));
	link->attach_type = attach_type;
	switch (attach_type) {
	case BPF_TRACE_KPROBE_MULTI:
	case SKEP_TRACE_KPROBE_SESSION:
		link->kprobe_multi.cnt = 1;
		link->kprobe_multi.addrs = 1; /* no address that could be read */
		break;
	case SKEP_TRACE_UPROBE_MULTI:
	case SKEP_TRACE_UPROBE_SESSION:
		link->uprobe_multi.path = SKEP_PTR("/"); /* no file */
		link->uprobe_multi.offsets = SKEP_PTR(&some);
		link->uprobe_multi.cnt = 1;
		break;
	case BPF_PERF_EVENT:
		link->target_fd = (uint32_t)-1;
		break;
	default:
		link->target_ifindex = INT32_MAX;
	}
}

static enum skep_answer judge_link(int ret, const struct place *place, uint32_t attach_type,
				   struct skep_probe *why)
{
	if (ret >= 0)
		close(ret);
	if (ret >= 0 || ret == -place->code)
		return skep_say(why, SKEP_YES, 0, "%s", "");
	if (ret == -EPERM || ret == -EACCES)
		return skep_say_refused(why, ret, skep_program_rights(place->type, attach_type));
	if (ret == -EINVAL || ret == -EOPNOTSUPP || ret == -E2BIG)
		return skep_say(why, SKEP_NO, ret, "this kernel makes no links for %s",
				skep_attach_type_name(attach_type));
	return skep_say(why, SKEP_UNKNOWN, ret, "a link for %s, made to fail, failed otherwise: %s",
			skep_attach_type_name(attach_type), strerror(-ret));
}

static enum skep_answer try_link(int fd, const struct place *place, uint32_t attach_type,
				 struct skep_probe *why)
{
	struct skep_attr_link_create link;

	describe_link(&link, attach_type);
	link.prog_fd = (uint32_t)fd;
	return judge_link(skep_bpf_link_create(&link), place, attach_type, why);
}

/* A sockmap that nobody else has, with no socket in it. */
static enum skep_answer try_sockmap(int fd, const struct place *place, uint32_t attach_type,
				    struct skep_probe *why)
{
	struct skep_attr_map_create map = {
		.map_type = BPF_MAP_TYPE_SOCKMAP, .key_size = 4, .value_size = 4, .max_entries = 1
	};
	SKEP_SCOPED(skep_scoped_fd) int map_fd = skep_try_map(&map);
	struct skep_attr_prog_attach attach = { .target_fd = (uint32_t)map_fd,
						.attach_bpf_fd = (uint32_t)fd,
						.attach_type = attach_type };

	if (map_fd < 0)
		return skep_say(why, SKEP_UNKNOWN, map_fd, "it would be tried with a sockmap: %s",
				strerror(-map_fd));
	return judge_link(skep_bpf_prog_attach(&attach), place, attach_type, why);
}

static enum skep_answer try_to_attach(int fd, const struct place *place, uint32_t attach_type,
				      struct skep_probe *why)
{
	switch (place->way) {
	case BY_LINK:
		return try_link(fd, place, attach_type, why);
	case BY_SOCKMAP:
		return try_sockmap(fd, place, attach_type, why);
	case BY_TEST_FUNCTION:
		return judge_link(skep_bpf_raw_tracepoint_open(fd, NULL, 0), place, attach_type,
				  why);
	default:
		return SKEP_YES;
	}
}

/* Only the first host's function is one that may be attached to. */
static enum skep_answer try_host(const struct place *place, uint32_t attach_type,
				 unsigned int variant, struct skep_probe *why)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	char log[SKEP_PROBE_LOG];
	struct skep_host host;
	enum skep_answer answer = skep_host_open(&host, place->type, attach_type, variant, why);

	if (answer == SKEP_YES) {
		fd = skep_host_load(&host, skep_return_0, 2, log);
		answer = skep_judge(&host, fd, log, why);
	}
	skep_host_close(&host);
	return answer == SKEP_YES && !variant ? try_to_attach(fd, place, attach_type, why) : answer;
}

/* Another host counts only if it can be had: what the first one is refused for is the reason. */
static enum skep_answer try_program(const struct place *place, uint32_t attach_type,
				    struct skep_probe *why)
{
	unsigned int n = skep_host_variants(place->type, attach_type);
	enum skep_answer first = try_host(place, attach_type, 0, why);

	for (unsigned int i = 1; first != SKEP_YES && i < n; i++)
		if (try_host(place, attach_type, i, NULL) == SKEP_YES)
			return skep_say(why, SKEP_YES, 0, "%s", "");
	return first;
}

static enum skep_answer try_value_size(const struct place *place, struct skep_probe *why)
{
	struct skep_attr_map_create map = {
		.map_type = place->type, .key_size = 4, .value_size = 8, .max_entries = 1
	};
	int fd = skep_try_map(&map);

	if (fd >= 0) {
		close(fd);
		return skep_say(why, SKEP_YES, 0, "%s", "");
	}
	if (fd == -EPERM || fd == -EACCES)
		return skep_say_refused(why, fd, SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN);
	return skep_say(why, SKEP_NO, fd, "this kernel's maps of type %s hold no programs",
			skep_map_type_name(place->type));
}

enum skep_answer skep_probe_attach_type(uint32_t type, struct skep_probe *why)
{
	const struct place *place =
		type < sizeof(places) / sizeof(places[0]) ? &places[type] : NULL;

	if (!place || place->way == NOT_THERE)
		return skep_say(why, SKEP_UNKNOWN, EINVAL, "attach type %u is not known to skep",
				type);
	if (is_not_listed(type))
		return skep_say(why, SKEP_NO, EINVAL, "%s is not among this kernel's places",
				skep_attach_type_name(type));
	switch (place->way) {
	case BY_VALUE_SIZE:
		return try_value_size(place, why);
	case BY_MAP_TYPE:
		return skep_probe_map_type(place->type, why);
	default:
		return try_program(place, type, why);
	}
}
