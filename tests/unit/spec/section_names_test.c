// SPDX-License-Identifier: MIT
/*
 * Every section name: libbpf 1.8's whole table, Aya's names, and the near forms of both. What a
 * name says is the same in a file of either byte order, so no file is read.
 */
#include "base/uapi.h"
#include "spec/reader.h"
#include "test.h"

enum { TARGET = 1, SLEEPABLE = 2, FRAGS = 4, BTF = 8, OPTIONAL = 16, SLEEPS = 32 };

struct name {
	const char *name;
	uint32_t type, attach;
	int has;
};

#define NAME(name, type, attach, has)                   \
	{                                               \
		name, BPF_PROG_TYPE_##type, attach, has \
	}

static const struct name names[] = {
	NAME("socket", SOCKET_FILTER, 0, 0),
	NAME("sk_reuseport", SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT, 0),
	NAME("sk_reuseport/migrate", SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, 0),
	NAME("kprobe", KPROBE, 0, TARGET),
	NAME("kretprobe", KPROBE, 0, TARGET),
	NAME("kprobe.multi", KPROBE, BPF_TRACE_KPROBE_MULTI, TARGET),
	NAME("kretprobe.multi", KPROBE, BPF_TRACE_KPROBE_MULTI, TARGET),
	NAME("kprobe.session", KPROBE, 56, TARGET),
	NAME("uprobe", KPROBE, 0, TARGET | SLEEPABLE),
	NAME("uretprobe", KPROBE, 0, TARGET | SLEEPABLE),
	NAME("uprobe.multi", KPROBE, 48, TARGET | SLEEPABLE),
	NAME("uretprobe.multi", KPROBE, 48, TARGET | SLEEPABLE),
	NAME("uprobe.session", KPROBE, 57, TARGET | SLEEPABLE),
	NAME("ksyscall", KPROBE, 0, TARGET),
	NAME("kretsyscall", KPROBE, 0, TARGET),
	NAME("usdt", KPROBE, SKEP_TRACE_UPROBE_MULTI, TARGET | SLEEPABLE | OPTIONAL),
	NAME("tracepoint", TRACEPOINT, 0, TARGET | SLEEPABLE),
	NAME("tp", TRACEPOINT, 0, TARGET | SLEEPABLE),
	NAME("raw_tracepoint", RAW_TRACEPOINT, 0, TARGET | SLEEPABLE),
	NAME("raw_tp", RAW_TRACEPOINT, 0, TARGET | SLEEPABLE),
	NAME("raw_tracepoint.w", RAW_TRACEPOINT_WRITABLE, 0, TARGET),
	NAME("raw_tp.w", RAW_TRACEPOINT_WRITABLE, 0, TARGET),
	NAME("tp_btf", TRACING, BPF_TRACE_RAW_TP, TARGET | SLEEPABLE | BTF),
	NAME("fentry", TRACING, BPF_TRACE_FENTRY, TARGET | SLEEPABLE | BTF),
	NAME("fexit", TRACING, BPF_TRACE_FEXIT, TARGET | SLEEPABLE | BTF),
	NAME("fmod_ret", TRACING, BPF_MODIFY_RETURN, TARGET | SLEEPABLE | BTF),
	NAME("fsession", TRACING, 58, TARGET | SLEEPABLE | BTF),
	NAME("fentry.multi", TRACING, 59, TARGET | SLEEPABLE),
	NAME("fexit.multi", TRACING, 60, TARGET | SLEEPABLE),
	NAME("fsession.multi", TRACING, 61, TARGET | SLEEPABLE),
	NAME("freplace", EXT, 0, TARGET | BTF),
	NAME("lsm", LSM, BPF_LSM_MAC, TARGET | SLEEPABLE | BTF),
	NAME("lsm_cgroup", LSM, BPF_LSM_CGROUP, TARGET | BTF),
	NAME("iter", TRACING, BPF_TRACE_ITER, TARGET | SLEEPABLE | BTF),
	NAME("syscall", SYSCALL, 0, SLEEPS),
	NAME("struct_ops", STRUCT_OPS, 0, TARGET | SLEEPABLE),
	NAME("xdp", XDP, BPF_XDP, OPTIONAL),
	NAME("xdp.frags", XDP, BPF_XDP, OPTIONAL | FRAGS),
	NAME("xdp/devmap", XDP, BPF_XDP_DEVMAP, 0),
	NAME("xdp.frags/devmap", XDP, BPF_XDP_DEVMAP, FRAGS),
	NAME("xdp/cpumap", XDP, BPF_XDP_CPUMAP, 0),
	NAME("xdp.frags/cpumap", XDP, BPF_XDP_CPUMAP, FRAGS),
	NAME("tc/ingress", SCHED_CLS, 46, OPTIONAL),
	NAME("tc/egress", SCHED_CLS, 47, OPTIONAL),
	NAME("tcx/ingress", SCHED_CLS, 46, 0),
	NAME("tcx/egress", SCHED_CLS, 47, 0),
	NAME("tc", SCHED_CLS, 0, 0),
	NAME("classifier", SCHED_CLS, 0, 0),
	NAME("action", SCHED_ACT, 0, 0),
	NAME("netkit/primary", SCHED_CLS, 54, 0),
	NAME("netkit/peer", SCHED_CLS, 55, 0),
	NAME("perf_event", PERF_EVENT, 0, 0),
	NAME("lwt_in", LWT_IN, 0, 0),
	NAME("lwt_out", LWT_OUT, 0, 0),
	NAME("lwt_xmit", LWT_XMIT, 0, 0),
	NAME("lwt_seg6local", LWT_SEG6LOCAL, 0, 0),
	NAME("sockops", SOCK_OPS, BPF_CGROUP_SOCK_OPS, OPTIONAL),
	NAME("sk_skb", SK_SKB, 0, 0),
	NAME("sk_skb/stream_parser", SK_SKB, BPF_SK_SKB_STREAM_PARSER, OPTIONAL),
	NAME("sk_skb/stream_verdict", SK_SKB, BPF_SK_SKB_STREAM_VERDICT, OPTIONAL),
	NAME("sk_skb/verdict", SK_SKB, BPF_SK_SKB_VERDICT, OPTIONAL),
	NAME("sk_msg", SK_MSG, BPF_SK_MSG_VERDICT, OPTIONAL),
	NAME("lirc_mode2", LIRC_MODE2, BPF_LIRC_MODE2, OPTIONAL),
	NAME("flow_dissector", FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, OPTIONAL),
	NAME("sk_lookup", SK_LOOKUP, BPF_SK_LOOKUP, 0),
	{ "netfilter", 32, 45, 0 },
	NAME("cgroup_skb/ingress", CGROUP_SKB, BPF_CGROUP_INET_INGRESS, OPTIONAL),
	NAME("cgroup_skb/egress", CGROUP_SKB, BPF_CGROUP_INET_EGRESS, OPTIONAL),
	NAME("cgroup/skb", CGROUP_SKB, 0, 0),
	NAME("cgroup/sock", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, OPTIONAL),
	NAME("cgroup/sock_create", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, 0),
	NAME("cgroup/sock_release", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE, 0),
	NAME("cgroup/post_bind4", CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND, 0),
	NAME("cgroup/post_bind6", CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND, 0),
	NAME("cgroup/bind4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, 0),
	NAME("cgroup/bind6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND, 0),
	NAME("cgroup/connect4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT, 0),
	NAME("cgroup/connect6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT, 0),
	NAME("cgroup/connect_unix", CGROUP_SOCK_ADDR, 49, 0),
	NAME("cgroup/sendmsg4", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG, 0),
	NAME("cgroup/sendmsg6", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG, 0),
	NAME("cgroup/sendmsg_unix", CGROUP_SOCK_ADDR, 50, 0),
	NAME("cgroup/recvmsg4", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG, 0),
	NAME("cgroup/recvmsg6", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG, 0),
	NAME("cgroup/recvmsg_unix", CGROUP_SOCK_ADDR, 51, 0),
	NAME("cgroup/getpeername4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME, 0),
	NAME("cgroup/getpeername6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME, 0),
	NAME("cgroup/getpeername_unix", CGROUP_SOCK_ADDR, 52, 0),
	NAME("cgroup/getsockname4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME, 0),
	NAME("cgroup/getsockname6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME, 0),
	NAME("cgroup/getsockname_unix", CGROUP_SOCK_ADDR, 53, 0),
	NAME("cgroup/sysctl", CGROUP_SYSCTL, BPF_CGROUP_SYSCTL, 0),
	NAME("cgroup/getsockopt", CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT, 0),
	NAME("cgroup/setsockopt", CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT, 0),
	NAME("cgroup/dev", CGROUP_DEVICE, BPF_CGROUP_DEVICE, OPTIONAL),
};

#define N_NAMES (sizeof(names) / sizeof(names[0]))

/* What NAME + @end says, which the row @n describes; in the same words for each form. */
static void check(const struct name *n, const char *start, const char *end, const char *target,
		  bool has_note)
{
	bool sleeps = !strncmp(end, ".s", 2) || n->has & SLEEPS;
	uint32_t flags =
		(sleeps ? BPF_F_SLEEPABLE : 0) | (n->has & FRAGS ? BPF_F_XDP_HAS_FRAGS : 0);
	struct skep_section_kind kind;
	char name[96];

	snprintf(name, sizeof(name), "%s%s%s", start, n->name, end);
	if (!skep_section_parse(name, &kind))
		fail_msg("%s is unknown", name);
	if (kind.type != n->type || kind.attach_type != n->attach || kind.flags != flags)
		fail_msg("%s is %u/%u, flags %#x", name, kind.type, kind.attach_type, kind.flags);
	if (kind.attach_optional != !!(n->has & OPTIONAL) || kind.attach_btf != !!(n->has & BTF))
		fail_msg("%s: optional %d, BTF %d", name, kind.attach_optional, kind.attach_btf);
	if (!kind.target != !target || (target && strcmp(kind.target, target)))
		fail_msg("%s has the target %s", name, kind.target);
	if (kind.load != (start[0] != '?') || !kind.note == has_note)
		fail_msg("%s: load %d, note %s", name, kind.load, kind.note);
}

static void every_name_has_its_type_attach_type_and_flags(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_NAMES; i++) {
		check(&names[i], "", "", NULL, false);
		check(&names[i], "?", "", NULL, false);
	}
}

/* Where a name takes none, what follows is ignored with a note: libbpf refuses such an object. */
static void every_name_takes_a_target_or_notes_that_it_does_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_NAMES; i++) {
		bool takes = names[i].has & TARGET;

		check(&names[i], "", "/x:y/z+8", takes ? "x:y/z+8" : NULL, !takes);
		check(&names[i], "?", "/x*", takes ? "x*" : NULL, !takes);
		check(&names[i], "", "/", NULL, !takes);
	}
}

static void names_that_may_sleep_say_so_and_others_are_refused(void **state)
{
	struct skep_section_kind kind;
	char name[96];

	(void)state;
	for (size_t i = 0; i < N_NAMES; i++) {
		if (names[i].has & SLEEPABLE) {
			check(&names[i], "", ".s", NULL, false);
			check(&names[i], "?", ".s/x", "x", false);
			continue;
		}
		/* "xdp/devmap.s" is "xdp" with an end that means nothing. */
		snprintf(name, sizeof(name), "%s.s", names[i].name);
		if (skep_section_parse(name, &kind) && !kind.note)
			fail_msg("%s is known", name);
	}
}

/* A name is whole: what begins or ends like one is none. */
static void names_that_only_look_alike_are_unknown(void **state)
{
	static const char *const unknown[] = {
		"",
		"?",
		"??xdp",
		"kprobes",
		"xdp.frag",
		"xdp.frags.s",
		"cgroup",
		"cgroup/x",
		"cgroup_skb",
		"tcx",
		"tcx/sideways",
		"netkit",
		"netkit/x",
		"raw_tp.w.s",
		"kprobe.multis",
		"lwt_",
		"struct_opsx",
		"maps",
		".maps",
		"license",
		".struct_ops",
		".struct_ops.link",
		"?.struct_ops",
	};
	struct skep_section_kind kind;
	char name[96];

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		if (skep_section_parse(unknown[i], &kind))
			fail_msg("'%s' is known", unknown[i]);
	for (size_t i = 0; i < N_NAMES; i++) {
		snprintf(name, sizeof(name), "%sx", names[i].name);
		if (skep_section_parse(name, &kind) && !kind.note)
			fail_msg("%s is known", name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_has_its_type_attach_type_and_flags),
		cmocka_unit_test(every_name_takes_a_target_or_notes_that_it_does_not),
		cmocka_unit_test(names_that_may_sleep_say_so_and_others_are_refused),
		cmocka_unit_test(names_that_only_look_alike_are_unknown),
	};

	return cmocka_run_group_tests_name("spec_section_names", tests, NULL, NULL);
}
