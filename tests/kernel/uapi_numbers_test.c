// SPDX-License-Identifier: MIT
/* The numbers of lib/base/uapi.h and lib/kernel/uapi.h against the running kernel's BTF. */
#include "kernel/support.h"

#include "base/uapi.h"
#include "kernel/uapi.h"

#define NUMBER(name)                      \
	{                                 \
		"BPF_" #name, SKEP_##name \
	}

static const struct {
	const char *name;
	uint64_t value;
} numbers[] = {
	NUMBER(F_TOKEN_FD),
	NUMBER(PROG_TYPE_NETFILTER),
	NUMBER(MAP_TYPE_CGRP_STORAGE),
	NUMBER(MAP_TYPE_ARENA),
	NUMBER(MAP_TYPE_INSN_ARRAY),
	NUMBER(MAP_TYPE_RHASH),
	NUMBER(F_CPU),
	NUMBER(F_ALL_CPUS),
	NUMBER(STRUCT_OPS),
	NUMBER(NETFILTER),
	NUMBER(TCX_INGRESS),
	NUMBER(TCX_EGRESS),
	NUMBER(TRACE_UPROBE_MULTI),
	NUMBER(CGROUP_UNIX_CONNECT),
	NUMBER(CGROUP_UNIX_SENDMSG),
	NUMBER(CGROUP_UNIX_RECVMSG),
	NUMBER(CGROUP_UNIX_GETPEERNAME),
	NUMBER(CGROUP_UNIX_GETSOCKNAME),
	NUMBER(NETKIT_PRIMARY),
	NUMBER(NETKIT_PEER),
	NUMBER(TRACE_KPROBE_SESSION),
	NUMBER(TRACE_UPROBE_SESSION),
	NUMBER(TRACE_FSESSION),
	NUMBER(TRACE_FENTRY_MULTI),
	NUMBER(TRACE_FEXIT_MULTI),
	NUMBER(TRACE_FSESSION_MULTI),
	NUMBER(F_LINK),
	NUMBER(F_VTYPE_BTF_OBJ_FD),
	NUMBER(F_PATH_FD),
	NUMBER(TOKEN_CREATE),
	NUMBER(PROG_STREAM_READ_BY_FD),
	NUMBER(PROG_ASSOC_STRUCT_OPS),
};

#define N_NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

/* Returns 1 if it is one of them. */
static size_t compare(const char *name, uint64_t value)
{
	if (strncmp(name, "BPF_", 4) != 0)
		return 0;
	for (size_t i = 0; i < N_NUMBERS; i++) {
		if (strcmp(numbers[i].name, name))
			continue;
		if (numbers[i].value != value)
			fail_msg("%s is %llu, not %llu", name, (unsigned long long)value,
				 (unsigned long long)numbers[i].value);
		return 1;
	}
	return 0;
}

static size_t compare_enum(const struct skep_btf *btf, const struct btf_type *t)
{
	size_t found = 0;

	for (uint16_t i = 0; i < skep_btf_vlen(t); i++)
		if (skep_btf_kind(t) == BTF_KIND_ENUM) {
			const struct btf_enum *e = &skep_btf_enums(t)[i];

			found += compare(skep_btf_string(btf, e->name_off), (uint32_t)e->val);
		} else {
			const struct btf_enum64 *e = &skep_btf_enums64(t)[i];

			found += compare(skep_btf_string(btf, e->name_off),
					 (uint64_t)e->val_hi32 << 32 | e->val_lo32);
		}
	return found;
}

static void numbers_are_the_kernels(void **state)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);
	size_t found = 0;

	(void)state;
	if (!btf)
		SKIP_TEST("the kernel has no BTF");
	for (uint32_t id = 1; id < skep_btf_count(btf); id++) {
		const struct btf_type *t = skep_btf_type(btf, id);

		if (skep_btf_kind(t) == BTF_KIND_ENUM || skep_btf_kind(t) == BTF_KIND_ENUM64)
			found += compare_enum(btf, t);
	}
	if (!found)
		SKIP_TEST("this kernel has none of the numbers that are newer than 6.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_the_kernels),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
