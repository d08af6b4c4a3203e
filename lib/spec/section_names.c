// SPDX-License-Identifier: MIT
/*
 * What section names mean: libbpf's names, those of Aya, and near forms that libbpf refuses
 * ("xdp/anything"), which are taken as the longest name that fits, with a note. The first row that
 * fits counts.
 */
#include "base/uapi.h"
#include "spec/reader.h"

enum {
	TARGET = 1,	    /* "name" or "name/target" */
	SLEEPABLE = 2,	    /* also "name.s" */
	FRAGS = 4,	    /* BPF_F_XDP_HAS_FRAGS */
	BTF = 8,	    /* the target is looked up in BTF at load */
	OPTIONAL = 16,	    /* the kernel may refuse the attach type; load without it then */
	ALWAYS_SLEEPS = 32, /* can only be loaded as sleepable */
};

struct row {
	const char *name;
	uint8_t type, attach, flags;
};

#define ROW(name, type, attach, flags)                    \
	{                                                 \
		name, BPF_PROG_TYPE_##type, attach, flags \
	}

static const struct row rows[] = {
	ROW("kprobe.multi", KPROBE, BPF_TRACE_KPROBE_MULTI, TARGET),
	ROW("kretprobe.multi", KPROBE, BPF_TRACE_KPROBE_MULTI, TARGET),
	ROW("kprobe.session", KPROBE, SKEP_TRACE_KPROBE_SESSION, TARGET),
	ROW("kprobe", KPROBE, 0, TARGET),
	ROW("kretprobe", KPROBE, 0, TARGET),
	ROW("uprobe.multi", KPROBE, SKEP_TRACE_UPROBE_MULTI, TARGET | SLEEPABLE),
	ROW("uretprobe.multi", KPROBE, SKEP_TRACE_UPROBE_MULTI, TARGET | SLEEPABLE),
	ROW("uprobe.session", KPROBE, SKEP_TRACE_UPROBE_SESSION, TARGET | SLEEPABLE),
	ROW("uprobe", KPROBE, 0, TARGET | SLEEPABLE),
	ROW("uretprobe", KPROBE, 0, TARGET | SLEEPABLE),
	ROW("ksyscall", KPROBE, 0, TARGET),
	ROW("kretsyscall", KPROBE, 0, TARGET),
	/* Its places are many: one link for all of them, where the kernel has that. */
	ROW("usdt", KPROBE, SKEP_TRACE_UPROBE_MULTI, TARGET | SLEEPABLE | OPTIONAL),
	ROW("tracepoint", TRACEPOINT, 0, TARGET | SLEEPABLE),
	ROW("tp", TRACEPOINT, 0, TARGET | SLEEPABLE),
	ROW("raw_tracepoint.w", RAW_TRACEPOINT_WRITABLE, 0, TARGET),
	ROW("raw_tp.w", RAW_TRACEPOINT_WRITABLE, 0, TARGET),
	ROW("raw_tracepoint", RAW_TRACEPOINT, 0, TARGET | SLEEPABLE),
	ROW("raw_tp", RAW_TRACEPOINT, 0, TARGET | SLEEPABLE),
	ROW("tp_btf", TRACING, BPF_TRACE_RAW_TP, TARGET | SLEEPABLE | BTF),
	ROW("fentry.multi", TRACING, SKEP_TRACE_FENTRY_MULTI, TARGET | SLEEPABLE),
	ROW("fexit.multi", TRACING, SKEP_TRACE_FEXIT_MULTI, TARGET | SLEEPABLE),
	ROW("fsession.multi", TRACING, SKEP_TRACE_FSESSION_MULTI, TARGET | SLEEPABLE),
	ROW("fentry", TRACING, BPF_TRACE_FENTRY, TARGET | SLEEPABLE | BTF),
	ROW("fexit", TRACING, BPF_TRACE_FEXIT, TARGET | SLEEPABLE | BTF),
	ROW("fmod_ret", TRACING, BPF_MODIFY_RETURN, TARGET | SLEEPABLE | BTF),
	ROW("fsession", TRACING, SKEP_TRACE_FSESSION, TARGET | SLEEPABLE | BTF),
	ROW("freplace", EXT, 0, TARGET | BTF),
	ROW("lsm_cgroup", LSM, BPF_LSM_CGROUP, TARGET | BTF),
	ROW("lsm", LSM, BPF_LSM_MAC, TARGET | SLEEPABLE | BTF),
	ROW("iter", TRACING, BPF_TRACE_ITER, TARGET | SLEEPABLE | BTF),
	ROW("syscall", SYSCALL, 0, ALWAYS_SLEEPS),
	ROW("struct_ops", STRUCT_OPS, 0, TARGET | SLEEPABLE),

	ROW("xdp.frags/devmap", XDP, BPF_XDP_DEVMAP, FRAGS),
	ROW("xdp/devmap", XDP, BPF_XDP_DEVMAP, 0),
	ROW("xdp.frags/cpumap", XDP, BPF_XDP_CPUMAP, FRAGS),
	ROW("xdp/cpumap", XDP, BPF_XDP_CPUMAP, 0),
	ROW("xdp.frags", XDP, BPF_XDP, FRAGS | OPTIONAL),
	ROW("xdp", XDP, BPF_XDP, OPTIONAL),
	ROW("tcx/ingress", SCHED_CLS, SKEP_TCX_INGRESS, 0),
	ROW("tcx/egress", SCHED_CLS, SKEP_TCX_EGRESS, 0),
	ROW("tc/ingress", SCHED_CLS, SKEP_TCX_INGRESS, OPTIONAL),
	ROW("tc/egress", SCHED_CLS, SKEP_TCX_EGRESS, OPTIONAL),
	ROW("tc", SCHED_CLS, 0, 0),
	ROW("classifier", SCHED_CLS, 0, 0),
	ROW("action", SCHED_ACT, 0, 0),
	ROW("netkit/primary", SCHED_CLS, SKEP_NETKIT_PRIMARY, 0),
	ROW("netkit/peer", SCHED_CLS, SKEP_NETKIT_PEER, 0),
	{ "netfilter", SKEP_PROG_TYPE_NETFILTER, SKEP_NETFILTER, 0 },
	ROW("socket", SOCKET_FILTER, 0, 0),
	ROW("sk_reuseport/migrate", SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, 0),
	ROW("sk_reuseport", SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT, 0),
	ROW("sk_lookup", SK_LOOKUP, BPF_SK_LOOKUP, 0),
	ROW("sk_skb/stream_parser", SK_SKB, BPF_SK_SKB_STREAM_PARSER, OPTIONAL),
	ROW("sk_skb/stream_verdict", SK_SKB, BPF_SK_SKB_STREAM_VERDICT, OPTIONAL),
	ROW("sk_skb/verdict", SK_SKB, BPF_SK_SKB_VERDICT, OPTIONAL),
	ROW("sk_skb", SK_SKB, 0, 0),
	ROW("sk_msg", SK_MSG, BPF_SK_MSG_VERDICT, OPTIONAL),
	ROW("sockops", SOCK_OPS, BPF_CGROUP_SOCK_OPS, OPTIONAL),
	ROW("flow_dissector", FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, OPTIONAL),
	ROW("lirc_mode2", LIRC_MODE2, BPF_LIRC_MODE2, OPTIONAL),
	ROW("perf_event", PERF_EVENT, 0, 0),
	ROW("lwt_in", LWT_IN, 0, 0),
	ROW("lwt_out", LWT_OUT, 0, 0),
	ROW("lwt_xmit", LWT_XMIT, 0, 0),
	ROW("lwt_seg6local", LWT_SEG6LOCAL, 0, 0),

	ROW("cgroup_skb/ingress", CGROUP_SKB, BPF_CGROUP_INET_INGRESS, OPTIONAL),
	ROW("cgroup_skb/egress", CGROUP_SKB, BPF_CGROUP_INET_EGRESS, OPTIONAL),
	ROW("cgroup/skb", CGROUP_SKB, 0, 0),
	ROW("cgroup/sock_create", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, 0),
	ROW("cgroup/sock_release", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE, 0),
	ROW("cgroup/sock", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, OPTIONAL),
	ROW("cgroup/post_bind4", CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND, 0),
	ROW("cgroup/post_bind6", CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND, 0),
	ROW("cgroup/bind4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, 0),
	ROW("cgroup/bind6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND, 0),
	ROW("cgroup/connect4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT, 0),
	ROW("cgroup/connect6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT, 0),
	ROW("cgroup/connect_unix", CGROUP_SOCK_ADDR, SKEP_CGROUP_UNIX_CONNECT, 0),
	ROW("cgroup/sendmsg4", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG, 0),
	ROW("cgroup/sendmsg6", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG, 0),
	ROW("cgroup/sendmsg_unix", CGROUP_SOCK_ADDR, SKEP_CGROUP_UNIX_SENDMSG, 0),
	ROW("cgroup/recvmsg4", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG, 0),
	ROW("cgroup/recvmsg6", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG, 0),
	ROW("cgroup/recvmsg_unix", CGROUP_SOCK_ADDR, SKEP_CGROUP_UNIX_RECVMSG, 0),
	ROW("cgroup/getpeername4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME, 0),
	ROW("cgroup/getpeername6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME, 0),
	ROW("cgroup/getpeername_unix", CGROUP_SOCK_ADDR, SKEP_CGROUP_UNIX_GETPEERNAME, 0),
	ROW("cgroup/getsockname4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME, 0),
	ROW("cgroup/getsockname6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME, 0),
	ROW("cgroup/getsockname_unix", CGROUP_SOCK_ADDR, SKEP_CGROUP_UNIX_GETSOCKNAME, 0),
	ROW("cgroup/sysctl", CGROUP_SYSCTL, BPF_CGROUP_SYSCTL, 0),
	ROW("cgroup/getsockopt", CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT, 0),
	ROW("cgroup/setsockopt", CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT, 0),
	ROW("cgroup/dev", CGROUP_DEVICE, BPF_CGROUP_DEVICE, OPTIONAL),
};

/* What follows the row's own name: "", "/target", ".s", ".s/target"; NULL if it does not fit. */
static const char *rest_of(const struct row *row, const char *name, bool *sleepable)
{
	size_t len = strlen(row->name);

	*sleepable = false;
	if (strncmp(name, row->name, len))
		return NULL;
	name += len;
	if (row->flags & SLEEPABLE && name[0] == '.' && name[1] == 's' &&
	    (!name[2] || name[2] == '/')) {
		*sleepable = true;
		name += 2;
	}
	return !*name || *name == '/' ? name : NULL;
}

static void fill(const struct row *row, const char *rest, bool sleepable,
		 struct skep_section_kind *kind)
{
	kind->type = row->type;
	kind->attach_type = row->attach;
	kind->attach_optional = row->flags & OPTIONAL;
	kind->attach_btf = row->flags & BTF;
	if (sleepable || row->flags & ALWAYS_SLEEPS)
		kind->flags |= BPF_F_SLEEPABLE;
	if (row->flags & FRAGS)
		kind->flags |= BPF_F_XDP_HAS_FRAGS;
	if (!*rest)
		return;
	if (!(row->flags & TARGET))
		kind->note = "what follows the slash means nothing to this type and is ignored";
	else if (rest[1])
		kind->target = rest + 1;
}

bool skep_section_parse(const char *name, struct skep_section_kind *kind)
{
	*kind = (struct skep_section_kind){ .load = name[0] != '?' };
	name += name[0] == '?';
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool sleepable;
		const char *rest = rest_of(&rows[i], name, &sleepable);

		if (rest) {
			fill(&rows[i], rest, sleepable, kind);
			return true;
		}
	}
	return false;
}
