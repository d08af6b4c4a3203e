// SPDX-License-Identifier: MIT
/* For which machine a kernel was made: BTF does not say it, but the kernel's registers do. */
#include <string.h>

#include "btf/btf.h"
#include "btf/print.h"

const char *const skep_btf_machines[] = { "x86",     "i386",	  "arm64", "arm",  "s390",
					  "powerpc", "loongarch", "riscv", "mips", NULL };

/* Deeper than registers lie in unions and structs without a name. */
#define MAX_DEPTH 4

static bool has_member(const struct skep_btf *btf, uint32_t id, const char *name, int depth)
{
	const struct btf_type *t = skep_btf_type(btf, skep_btf_resolve(btf, id));
	uint16_t kind = t ? skep_btf_kind(t) : BTF_KIND_UNKN;

	if ((kind != BTF_KIND_STRUCT && kind != BTF_KIND_UNION) || depth > MAX_DEPTH)
		return false;
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		const char *other = skep_btf_string(btf, m->name_off) ?: "";

		if (!strcmp(other, name) || (!*other && has_member(btf, m->type, name, depth + 1)))
			return true;
	}
	return false;
}

const char *skep_btf_machine(const struct skep_btf *btf)
{
	/* What no machine before it has; arch/NAME/include/asm/ptrace.h of the kernel. */
	static const struct {
		const char *member, *machine;
	} signs[] = {
		{ "r15", "x86" },	    { "orig_ax", "i386" },   { "orig_x0", "arm64" },
		{ "uregs", "arm" },	    { "orig_gpr2", "s390" }, { "orig_gpr3", "powerpc" },
		{ "csr_era", "loongarch" }, { "badaddr", "riscv" },  { "cp0_epc", "mips" },
	};
	uint32_t id = 0;

	/* A module's machine is its kernel's. */
	while (btf && btf->base)
		btf = btf->base;
	if (btf)
		id = skep_btf_find(btf, "pt_regs", BTF_KIND_STRUCT);
	for (size_t i = 0; id && i < sizeof(signs) / sizeof(signs[0]); i++)
		if (has_member(btf, id, signs[i].member, 0))
			return signs[i].machine;
	return NULL;
}
