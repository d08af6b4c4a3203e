// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

/**
 * @brief Files as they are deleted, by entry and exit of the kernel's function.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct filename {
	const char *name;
} __attribute__((preserve_access_index));

struct event {
	__u32 pid;
	bool has_ended;
	int ret SKEP_AS(errno);
	char comm[16];
	char name[96];
};

SKEP_EMIT_RING(events, struct event, 256 * 1024);

static int send(struct filename *name, bool has_ended, long ret)
{
	struct event *e = SKEP_RESERVE(events);

	if (!e)
		return 0;
	__builtin_memset(e, 0, sizeof(*e));
	e->pid = skep_pid();
	e->has_ended = has_ended;
	e->ret = ret;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	/* What has ended may have freed it. */
	if (!has_ended)
		bpf_probe_read_kernel_str(e->name, sizeof(e->name), name->name);
	SKEP_SUBMIT(events, e);
	return 0;
}

SEC("fentry/do_unlinkat")
int BPF_PROG(on_entry, int dfd, struct filename *name)
{
	return send(name, false, 0);
}

SEC("fexit/do_unlinkat")
int BPF_PROG(on_exit, int dfd, struct filename *name, long ret)
{
	return send(name, true, ret);
}

/* What it is called from 7.0 on. Of each pair one is left out, and the other goes on. */
SEC("fentry/filename_unlinkat")
int BPF_PROG(on_newer_entry, int dfd, struct filename *name)
{
	return send(name, false, 0);
}

SEC("fexit/filename_unlinkat")
int BPF_PROG(on_newer_exit, int dfd, struct filename *name, long ret)
{
	return send(name, true, ret);
}
