// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The least that can be loaded: one program, no map, no relocation. */
#include <skep/bpf/helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("raw_tp/sys_enter")
int minimal(void *ctx)
{
	(void)ctx;
	return 0;
}
