// SPDX-License-Identifier: MIT
#include "load/program_rights.h"

#include <linux/bpf.h>
#include <stdbool.h>

#include "kernel/rights.h"

static bool uses_trampoline(uint32_t type, uint32_t attach_type)
{
	switch (type) {
	case BPF_PROG_TYPE_TRACING:
		return attach_type != BPF_TRACE_RAW_TP && attach_type != BPF_TRACE_ITER;
	case BPF_PROG_TYPE_LSM:
	case BPF_PROG_TYPE_EXT:
	case BPF_PROG_TYPE_STRUCT_OPS:
		return true;
	default:
		return false;
	}
}

unsigned int skep_program_rights(uint32_t type, uint32_t attach_type)
{
	switch (type) {
	case BPF_PROG_TYPE_KPROBE:
	case BPF_PROG_TYPE_TRACEPOINT:
	case BPF_PROG_TYPE_PERF_EVENT:
	case BPF_PROG_TYPE_RAW_TRACEPOINT:
	case BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE:
	case BPF_PROG_TYPE_TRACING:
	case BPF_PROG_TYPE_LSM:
	case BPF_PROG_TYPE_EXT:
	case BPF_PROG_TYPE_STRUCT_OPS:
		return SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON |
		       (uses_trampoline(type, attach_type) ? SKEP_RIGHT_TRAMPOLINE : 0);
	case BPF_PROG_TYPE_SOCKET_FILTER:
	case BPF_PROG_TYPE_SYSCALL:
	case BPF_PROG_TYPE_SK_REUSEPORT:
		return SKEP_RIGHT_BPF;
	default:
		return SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN;
	}
}
