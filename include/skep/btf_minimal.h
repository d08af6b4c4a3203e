/* SPDX-License-Identifier: MIT */
/*
 * skep/btf_minimal.h - of a kernel's BTF what some objects need of it.
 *
 * Kernels without BTF can be served from files: BTF made elsewhere from the same kernel's debug
 * information, which skep_object_opts.target_btf takes. Of its five megabytes an object's CO-RE
 * relocations look at a few kilobytes.
 */
#ifndef SKEP_BTF_MINIMAL_H
#define SKEP_BTF_MINIMAL_H

#include <skep/btf.h>
#include <skep/spec.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * skep_btf_minimal - a BTF in which every CO-RE relocation of @n objects finds what it finds in
 * @target (a kernel's, or a module's on top of it): the same offsets, sizes, values and the same
 * things missing. Structs have the members that are asked for alone. Ids are others, so that a
 * relocation for the id of a type in the kernel (bpf_core_type_id_kernel) means nothing with it;
 * and what is looked for by name in the running kernel's own BTF (functions to attach to, kfuncs,
 * struct_ops) is not in it.
 *
 * Returns a new BTF, or NULL with EINVAL (@target is damaged, or a relocation does not fit its
 * object), EOPNOTSUPP (a relocation of an unknown kind), ENOMEM.
 */
struct skep_btf *skep_btf_minimal(const struct skep_btf *target,
				  const struct skep_spec *const *specs, size_t n,
				  struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
