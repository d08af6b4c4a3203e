// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/core.h>
#include <skep/bpf/skep.h>

/**
 * @brief Files as they are deleted, by probes of the kernel's function.
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

static struct event *begin(void)
{
	struct event *e = SKEP_RESERVE(events);

	if (e) {
		__builtin_memset(e, 0, sizeof(*e));
		e->pid = skep_pid();
		bpf_get_current_comm(e->comm, sizeof(e->comm));
	}
	return e;
}

static int enter(struct filename *name)
{
	struct event *e = begin();

	if (!e)
		return 0;
	bpf_probe_read_kernel_str(e->name, sizeof(e->name), BPF_CORE_READ(name, name));
	SKEP_SUBMIT(events, e);
	return 0;
}

static int leave(long ret)
{
	struct event *e = begin();

	if (!e)
		return 0;
	e->has_ended = true;
	e->ret = ret;
	SKEP_SUBMIT(events, e);
	return 0;
}

SEC("kprobe/do_unlinkat")
int BPF_KPROBE(on_entry, int dfd, struct filename *name)
{
	return enter(name);
}

SEC("kretprobe/do_unlinkat")
int BPF_KRETPROBE(on_exit, long ret)
{
	return leave(ret);
}

/* What it is called from 7.0 on. Of each pair one is left out, and the other goes on. */
SEC("kprobe/filename_unlinkat")
int BPF_KPROBE(on_newer_entry, int dfd, struct filename *name)
{
	return enter(name);
}

SEC("kretprobe/filename_unlinkat")
int BPF_KRETPROBE(on_newer_exit, long ret)
{
	return leave(ret);
}
