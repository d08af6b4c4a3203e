// SPDX-License-Identifier: MIT
/* What is known of a program on a perf event that no bpf_link holds: tracepoints and probes. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/bpf.h"
#include "link/link.h"

static uint32_t kind_of(uint32_t fd_type)
{
	switch (fd_type) {
	case BPF_FD_TYPE_TRACEPOINT:
		return SKEP_PERF_LINK_TRACEPOINT;
	case BPF_FD_TYPE_KPROBE:
		return SKEP_PERF_LINK_KPROBE;
	case BPF_FD_TYPE_KRETPROBE:
		return SKEP_PERF_LINK_KRETPROBE;
	case BPF_FD_TYPE_UPROBE:
		return SKEP_PERF_LINK_UPROBE;
	case BPF_FD_TYPE_URETPROBE:
		return SKEP_PERF_LINK_URETPROBE;
	default:
		return SKEP_PERF_LINK_UNKNOWN;
	}
}

/* What the kernel does not tell, or not to this process, stays unknown. */
int skep_link_info_of_event(int fd, struct skep_link_info *out)
{
	SKEP_SCOPED(skep_scoped_free) char *name = calloc(1, PATH_MAX);
	struct skep_attr_task_fd_query attr = { .pid = (uint32_t)getpid(),
						.fd = (uint32_t)fd,
						.buf = SKEP_PTR(name),
						.buf_len = PATH_MAX };

	if (!name)
		return -ENOMEM;
	if (skep_bpf_task_fd_query(&attr))
		return 0;
	name[PATH_MAX - 1] = '\0';
	out->prog_id = attr.prog_id;
	out->perf_event.kind = kind_of(attr.fd_type);
	out->perf_event.offset = attr.probe_offset;
	out->perf_event.address = attr.probe_addr;
	out->perf_event.name = out->memory = SKEP_TAKE(name);
	return 0;
}
