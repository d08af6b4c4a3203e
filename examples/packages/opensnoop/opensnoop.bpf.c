// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

#define MAX_WAITING 10240
#define EVERYONE    (~0u)

/**
 * @brief Files as they are opened, by whom, and what came of it.
 * @details With --failed only those that could not be opened.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct event {
	__u32 pid;
	__u32 uid SKEP_AS(uid);
	int ret SKEP_AS(errno); /* a file descriptor, or why there is none */
	int flags SKEP_AS(open_flags);
	char comm[16];
	char fname[255];
};

/// Thread to look at
const volatile __u32 pid_target = 0;
/// @cmdarg {"short": "p", "help": "process to look at"}
const volatile __u32 tgid_target = 0;
/// @cmdarg {"short": "u", "default": 4294967295, "help": "user to look at"}
const volatile __u32 uid_target = EVERYONE;
/// @cmdarg {"long": "failed", "short": "x", "default": false}
/// @description only what could not be opened
const volatile bool targ_failed = false;

struct call {
	const char *fname;
	int flags;
};

/* Calls that have begun, by thread. */
SKEP_MAP(calls, HASH, __u32, struct call, MAX_WAITING);

SKEP_EMIT_RING(events, struct event, 256 * 1024);

static bool is_wanted(__u64 id)
{
	if (tgid_target && tgid_target != id >> 32)
		return false;
	if (pid_target && pid_target != (__u32)id)
		return false;
	return uid_target == EVERYONE || uid_target == (__u32)bpf_get_current_uid_gid();
}

static int begin(const char *fname, int flags)
{
	struct call call = { .fname = fname, .flags = flags };
	__u64 id = bpf_get_current_pid_tgid();
	__u32 thread = (__u32)id;

	if (is_wanted(id))
		skep_map_update(&calls, &thread, &call, BPF_ANY);
	return 0;
}

static int end(long ret)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u32 thread = (__u32)id;
	struct call *call = skep_map_lookup(&calls, &thread);
	struct event *e;

	if (!call)
		return 0;
	e = targ_failed && ret >= 0 ? NULL : SKEP_RESERVE(events);
	if (e) {
		__builtin_memset(e, 0, sizeof(*e));
		e->pid = id >> 32;
		e->uid = (__u32)bpf_get_current_uid_gid();
		e->ret = ret;
		e->flags = call->flags;
		bpf_get_current_comm(e->comm, sizeof(e->comm));
		bpf_probe_read_user_str(e->fname, sizeof(e->fname), call->fname);
		SKEP_SUBMIT(events, e);
	}
	skep_map_delete(&calls, &thread);
	return 0;
}

/* Machines that are younger than openat(2) have no open(2): libraries call this one on all. */
SEC("tp/syscalls/sys_enter_openat")
int enter_openat(struct trace_event_raw_sys_enter *ctx)
{
	return begin((const char *)ctx->args[1], (int)ctx->args[2]);
}

SEC("tp/syscalls/sys_exit_openat")
int exit_openat(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx->ret);
}
