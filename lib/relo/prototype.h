/* SPDX-License-Identifier: MIT */
/*
 * Whether an extern's declaration fits what the kernel has by its name: by the rules of CO-RE for
 * the existence of types, but that pointers to a struct that is only announced fit those to any.
 */
#ifndef SKEP_RELO_PROTOTYPE_H
#define SKEP_RELO_PROTOTYPE_H

#include <skep/btf.h>

/*
 * skep_prototype_fits - compares the function or variable @local (BTF_KIND_FUNC, or a variable's
 * type) with the kernel's @target (BTF_KIND_FUNC or BTF_KIND_VAR). Where they differ, says in
 * which parameter: "its parameter 2 is 'struct sock *' in the kernel and 'int' in the program".
 */
bool skep_prototype_fits(const struct skep_btf *btf, uint32_t local, const struct skep_btf *kernel,
			 uint32_t target, struct skep_text *why);

#endif
