// SPDX-License-Identifier: MIT
/* The kernel's names for the numbers of its interface. */
#include <skep/probe.h>
#include <string.h>

#include "base/uapi.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static const char *const program_types[] = {
	[BPF_PROG_TYPE_UNSPEC] = "unspec",
	[BPF_PROG_TYPE_SOCKET_FILTER] = "socket_filter",
	[BPF_PROG_TYPE_KPROBE] = "kprobe",
	[BPF_PROG_TYPE_SCHED_CLS] = "sched_cls",
	[BPF_PROG_TYPE_SCHED_ACT] = "sched_act",
	[BPF_PROG_TYPE_TRACEPOINT] = "tracepoint",
	[BPF_PROG_TYPE_XDP] = "xdp",
	[BPF_PROG_TYPE_PERF_EVENT] = "perf_event",
	[BPF_PROG_TYPE_CGROUP_SKB] = "cgroup_skb",
	[BPF_PROG_TYPE_CGROUP_SOCK] = "cgroup_sock",
	[BPF_PROG_TYPE_LWT_IN] = "lwt_in",
	[BPF_PROG_TYPE_LWT_OUT] = "lwt_out",
	[BPF_PROG_TYPE_LWT_XMIT] = "lwt_xmit",
	[BPF_PROG_TYPE_SOCK_OPS] = "sock_ops",
	[BPF_PROG_TYPE_SK_SKB] = "sk_skb",
	[BPF_PROG_TYPE_CGROUP_DEVICE] = "cgroup_device",
	[BPF_PROG_TYPE_SK_MSG] = "sk_msg",
	[BPF_PROG_TYPE_RAW_TRACEPOINT] = "raw_tracepoint",
	[BPF_PROG_TYPE_CGROUP_SOCK_ADDR] = "cgroup_sock_addr",
	[BPF_PROG_TYPE_LWT_SEG6LOCAL] = "lwt_seg6local",
	[BPF_PROG_TYPE_LIRC_MODE2] = "lirc_mode2",
	[BPF_PROG_TYPE_SK_REUSEPORT] = "sk_reuseport",
	[BPF_PROG_TYPE_FLOW_DISSECTOR] = "flow_dissector",
	[BPF_PROG_TYPE_CGROUP_SYSCTL] = "cgroup_sysctl",
	[BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE] = "raw_tracepoint_writable",
	[BPF_PROG_TYPE_CGROUP_SOCKOPT] = "cgroup_sockopt",
	[BPF_PROG_TYPE_TRACING] = "tracing",
	[BPF_PROG_TYPE_STRUCT_OPS] = "struct_ops",
	[BPF_PROG_TYPE_EXT] = "ext",
	[BPF_PROG_TYPE_LSM] = "lsm",
	[BPF_PROG_TYPE_SK_LOOKUP] = "sk_lookup",
	[BPF_PROG_TYPE_SYSCALL] = "syscall",
	[SKEP_PROG_TYPE_NETFILTER] = "netfilter",
};

static const char *const attach_types[] = {
	[BPF_CGROUP_INET_INGRESS] = "cgroup_inet_ingress",
	[BPF_CGROUP_INET_EGRESS] = "cgroup_inet_egress",
	[BPF_CGROUP_INET_SOCK_CREATE] = "cgroup_inet_sock_create",
	[BPF_CGROUP_SOCK_OPS] = "cgroup_sock_ops",
	[BPF_SK_SKB_STREAM_PARSER] = "sk_skb_stream_parser",
	[BPF_SK_SKB_STREAM_VERDICT] = "sk_skb_stream_verdict",
	[BPF_CGROUP_DEVICE] = "cgroup_device",
	[BPF_SK_MSG_VERDICT] = "sk_msg_verdict",
	[BPF_CGROUP_INET4_BIND] = "cgroup_inet4_bind",
	[BPF_CGROUP_INET6_BIND] = "cgroup_inet6_bind",
	[BPF_CGROUP_INET4_CONNECT] = "cgroup_inet4_connect",
	[BPF_CGROUP_INET6_CONNECT] = "cgroup_inet6_connect",
	[BPF_CGROUP_INET4_POST_BIND] = "cgroup_inet4_post_bind",
	[BPF_CGROUP_INET6_POST_BIND] = "cgroup_inet6_post_bind",
	[BPF_CGROUP_UDP4_SENDMSG] = "cgroup_udp4_sendmsg",
	[BPF_CGROUP_UDP6_SENDMSG] = "cgroup_udp6_sendmsg",
	[BPF_LIRC_MODE2] = "lirc_mode2",
	[BPF_FLOW_DISSECTOR] = "flow_dissector",
	[BPF_CGROUP_SYSCTL] = "cgroup_sysctl",
	[BPF_CGROUP_UDP4_RECVMSG] = "cgroup_udp4_recvmsg",
	[BPF_CGROUP_UDP6_RECVMSG] = "cgroup_udp6_recvmsg",
	[BPF_CGROUP_GETSOCKOPT] = "cgroup_getsockopt",
	[BPF_CGROUP_SETSOCKOPT] = "cgroup_setsockopt",
	[BPF_TRACE_RAW_TP] = "trace_raw_tp",
	[BPF_TRACE_FENTRY] = "trace_fentry",
	[BPF_TRACE_FEXIT] = "trace_fexit",
	[BPF_MODIFY_RETURN] = "modify_return",
	[BPF_LSM_MAC] = "lsm_mac",
	[BPF_TRACE_ITER] = "trace_iter",
	[BPF_CGROUP_INET4_GETPEERNAME] = "cgroup_inet4_getpeername",
	[BPF_CGROUP_INET6_GETPEERNAME] = "cgroup_inet6_getpeername",
	[BPF_CGROUP_INET4_GETSOCKNAME] = "cgroup_inet4_getsockname",
	[BPF_CGROUP_INET6_GETSOCKNAME] = "cgroup_inet6_getsockname",
	[BPF_XDP_DEVMAP] = "xdp_devmap",
	[BPF_CGROUP_INET_SOCK_RELEASE] = "cgroup_inet_sock_release",
	[BPF_XDP_CPUMAP] = "xdp_cpumap",
	[BPF_SK_LOOKUP] = "sk_lookup",
	[BPF_XDP] = "xdp",
	[BPF_SK_SKB_VERDICT] = "sk_skb_verdict",
	[BPF_SK_REUSEPORT_SELECT] = "sk_reuseport_select",
	[BPF_SK_REUSEPORT_SELECT_OR_MIGRATE] = "sk_reuseport_select_or_migrate",
	[BPF_PERF_EVENT] = "perf_event",
	[BPF_TRACE_KPROBE_MULTI] = "trace_kprobe_multi",
	[BPF_LSM_CGROUP] = "lsm_cgroup",
	[SKEP_STRUCT_OPS] = "struct_ops",
	[SKEP_NETFILTER] = "netfilter",
	[SKEP_TCX_INGRESS] = "tcx_ingress",
	[SKEP_TCX_EGRESS] = "tcx_egress",
	[SKEP_TRACE_UPROBE_MULTI] = "trace_uprobe_multi",
	[SKEP_CGROUP_UNIX_CONNECT] = "cgroup_unix_connect",
	[SKEP_CGROUP_UNIX_SENDMSG] = "cgroup_unix_sendmsg",
	[SKEP_CGROUP_UNIX_RECVMSG] = "cgroup_unix_recvmsg",
	[SKEP_CGROUP_UNIX_GETPEERNAME] = "cgroup_unix_getpeername",
	[SKEP_CGROUP_UNIX_GETSOCKNAME] = "cgroup_unix_getsockname",
	[SKEP_NETKIT_PRIMARY] = "netkit_primary",
	[SKEP_NETKIT_PEER] = "netkit_peer",
	[SKEP_TRACE_KPROBE_SESSION] = "trace_kprobe_session",
	[SKEP_TRACE_UPROBE_SESSION] = "trace_uprobe_session",
	[SKEP_TRACE_FSESSION] = "trace_fsession",
	[SKEP_TRACE_FENTRY_MULTI] = "trace_fentry_multi",
	[SKEP_TRACE_FEXIT_MULTI] = "trace_fexit_multi",
	[SKEP_TRACE_FSESSION_MULTI] = "trace_fsession_multi",
};

/* Helpers have been complete since 6.2; the header may be older than the last two. */
#define HELPER(name, ...) [BPF_FUNC_##name] = #name
static const char *const helpers[] = { __BPF_FUNC_MAPPER(HELPER) };

static const char *const last_helpers[] = { "cgrp_storage_get", "cgrp_storage_delete" };

#define FIRST_OF_LAST 210
#define N_HELPERS     (FIRST_OF_LAST + LEN(last_helpers))

const char *skep_program_type_name(uint32_t type)
{
	return type < LEN(program_types) ? program_types[type] : NULL;
}

const char *skep_attach_type_name(uint32_t type)
{
	return type < LEN(attach_types) ? attach_types[type] : NULL;
}

const char *skep_helper_name(uint32_t helper)
{
	if (helper < LEN(helpers))
		return helpers[helper];
	if (helper >= FIRST_OF_LAST && helper < N_HELPERS)
		return last_helpers[helper - FIRST_OF_LAST];
	return NULL;
}

uint32_t skep_helper_id(const char *name)
{
	if (!name)
		return 0;
	if (!strncmp(name, "bpf_", 4))
		name += 4;
	for (uint32_t i = 1; i < N_HELPERS; i++)
		if (skep_helper_name(i) && !strcmp(skep_helper_name(i), name))
			return i;
	return 0;
}
