// SPDX-License-Identifier: MIT
/*
 * Exits 0 if this process may create a map and load a tracing program; otherwise 1, with the reason
 * on stdout in one line. Needs no part of skep, so that it can be asked before anything is built.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static long bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static long create_map(void)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = attr.value_size = 4;
	attr.max_entries = 1;
	return bpf(BPF_MAP_CREATE, &attr);
}

/* r0 = 0; exit. Of a type that unprivileged users are never allowed. */
static long load_program(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT;
	attr.insns = (uintptr_t)insns;
	attr.insn_cnt = sizeof(insns) / sizeof(insns[0]);
	attr.license = (uintptr_t) "GPL";
	return bpf(BPF_PROG_LOAD, &attr);
}

static const char *reason(int err)
{
	if (err == ENOSYS)
		return "it is built without bpf(2), or runs under an emulator that lacks it";
	if ((err == EPERM || err == EACCES) && geteuid())
		return "this user lacks CAP_BPF and CAP_PERFMON";
	if (err == EPERM || err == EACCES)
		return "a container's seccomp filter, missing capabilities or lockdown forbid it";
	return "unexpected";
}

int main(void)
{
	const char *what = "creating a map";
	long ret = create_map();

	if (ret >= 0) {
		what = "loading a program";
		ret = load_program();
	}
	if (ret >= 0)
		return 0;
	printf("the running kernel refuses bpf(2), %s: %s (%s)\n", what, strerror(errno),
	       reason(errno));
	return 1;
}
