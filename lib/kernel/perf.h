/* SPDX-License-Identifier: MIT */
/* perf_event_open(2) and its ioctls. Each returns an fd or 0, or -errno. */
#ifndef SKEP_KERNEL_PERF_H
#define SKEP_KERNEL_PERF_H

#include <linux/perf_event.h>

/* The fd is close-on-exec; attr->size is filled in. */
int skep_perf_open(struct perf_event_attr *attr, int pid, int cpu);

/* For the processes of a cgroup, by its folder's fd, on one CPU. */
int skep_perf_open_cgroup(struct perf_event_attr *attr, int cgroup_fd, int cpu);

int skep_perf_enable(int fd);

/* The older way to attach a program (4.1), for kernels without bpf_link for perf events. */
int skep_perf_set_bpf(int fd, int prog_fd);

#endif
