// SPDX-License-Identifier: MIT
/* What all programs on perf events share: tracepoints, probes, counters. */
#include "link/link.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "kernel/bpf.h"
#include "kernel/perf.h"

int skep_link_perf(int perf_fd, int prog_fd, uint64_t cookie)
{
	struct skep_attr_link_create attr;
	int ret = 0;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)prog_fd;
	attr.target_fd = (uint32_t)perf_fd;
	attr.attach_type = BPF_PERF_EVENT;
	attr.perf_event.bpf_cookie = cookie;
	fd = skep_bpf_link_create(&attr);
	if (fd == -EINVAL && !cookie)
		ret = skep_perf_set_bpf(perf_fd, prog_fd);
	else if (fd < 0)
		ret = fd;
	if (!ret)
		ret = skep_perf_enable(perf_fd);
	if (ret) {
		if (fd >= 0)
			close(fd);
		close(perf_fd);
		return ret;
	}
	if (fd < 0)
		return perf_fd;
	/* The link keeps the event (bpf_perf_link_attach). */
	close(perf_fd);
	return fd;
}
