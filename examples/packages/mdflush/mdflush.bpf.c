// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

/**
 * @brief Flushes of arrays of disks (md), by whom.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct gendisk {
	char disk_name[32];
};

struct mddev {
	struct gendisk *gendisk;
};
#pragma clang attribute pop

struct event {
	__u32 pid;
	char comm[16];
	char disk[32];
};

SKEP_EMIT_RING(events, struct event, 64 * 1024);

/* A function of the module md_mod. */
SEC("fentry/md_flush_request")
int BPF_PROG(on_flush, struct mddev *mddev)
{
	struct event *e = SKEP_RESERVE(events);

	if (!e)
		return 0;
	__builtin_memset(e, 0, sizeof(*e));
	e->pid = skep_pid();
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	bpf_probe_read_kernel_str(e->disk, sizeof(e->disk), mddev->gendisk->disk_name);
	SKEP_SUBMIT(events, e);
	return 0;
}
