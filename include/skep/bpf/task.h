/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* skep/bpf/task.h - who runs: the current process, its user, its name. */
#ifndef SKEP_BPF_TASK_H
#define SKEP_BPF_TASK_H

#include <skep/bpf/helpers.h>

/* What user space calls the process id, and the thread id: those of the first namespace. */
#define skep_pid() ((__u32)(bpf_get_current_pid_tgid() >> 32))
#define skep_tid() ((__u32)bpf_get_current_pid_tgid())

#define skep_uid() ((__u32)bpf_get_current_uid_gid())
#define skep_gid() ((__u32)(bpf_get_current_uid_gid() >> 32))

/* The thread's name into an array of at least 16 bytes, all of which is written. */
#define skep_comm(array)                                                                  \
	({                                                                                \
		_Static_assert(sizeof(array) >= 16, "a name takes an array of 16 bytes"); \
		bpf_get_current_comm(array, sizeof(array));                               \
	})

#endif
