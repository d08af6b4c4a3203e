// SPDX-License-Identifier: MIT
#include "kernel/perf.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_event(struct perf_event_attr *attr, int pid, int cpu, unsigned long flags)
{
	long fd;

	attr->size = sizeof(*attr);
	fd = syscall(__NR_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC | flags);
	return fd < 0 ? -errno : (int)fd;
}

int skep_perf_open(struct perf_event_attr *attr, int pid, int cpu)
{
	return open_event(attr, pid, cpu, 0);
}

int skep_perf_open_cgroup(struct perf_event_attr *attr, int cgroup_fd, int cpu)
{
	return open_event(attr, cgroup_fd, cpu, PERF_FLAG_PID_CGROUP);
}

int skep_perf_enable(int fd)
{
	return ioctl(fd, PERF_EVENT_IOC_ENABLE, 0) ? -errno : 0;
}

int skep_perf_set_bpf(int fd, int prog_fd)
{
	return ioctl(fd, PERF_EVENT_IOC_SET_BPF, prog_fd) ? -errno : 0;
}
