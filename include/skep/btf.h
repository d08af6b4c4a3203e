/* SPDX-License-Identifier: MIT */
/*
 * skep/btf.h - BTF, the type information of kernels, modules and eBPF objects.
 *
 * A skep_btf is read from bytes and never changes; any number of threads may use it at once. Types
 * are the kernel's own `struct btf_type` (linux/btf.h, Documentation/bpf/btf.rst) in the byte
 * order of this machine, also when the file has the other one. Type ids run from 0 (void) to
 * skep_btf_count() - 1; a split BTF (a module's) continues the ids and strings of its base.
 *
 * Large BTF is not parsed when it is opened: ids and names are found through a sparse index made
 * by one walk at the first look-up.
 *
 * BTF comes from files, so every reference in it may be wrong: functions that take an id answer
 * NULL, 0 or a negative errno for one that does not exist, and walks over types that refer to
 * each other in a circle end.
 */
#ifndef SKEP_BTF_H
#define SKEP_BTF_H

#include <linux/btf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <skep/error.h>
#include <skep/text.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_btf;

struct skep_btf_opts {
	size_t size;		     /* sizeof(struct skep_btf_opts) */
	const struct skep_btf *base; /* for split BTF; must outlive this one */
	const char *name;	     /* what messages call it: a path, "vmlinux"; copied */
};

/*
 * skep_btf_new - reads BTF from @len bytes at @data, which must stay as they are while the BTF
 * lives (a copy is made only if the byte order is foreign). 64-bit aligned data is fastest; any
 * alignment of 4 works.
 *
 * Returns NULL with EINVAL (damaged: the message says where), E2BIG (over 1 GiB), ENOMEM.
 */
struct skep_btf *skep_btf_new(const void *data, size_t len, const struct skep_btf_opts *opts,
			      struct skep_error *err);

/*
 * skep_btf_open - the same from a file: raw BTF such as /sys/kernel/btf/vmlinux, mapped where the
 * kernel can map it (6.16) and read otherwise, or an ELF file with a .BTF section.
 *
 * Errors: those of open(2); ENOENT also for an ELF file without .BTF; as skep_btf_new.
 */
struct skep_btf *skep_btf_open(const char *path, const struct skep_btf_opts *opts,
			       struct skep_error *err);

/*
 * skep_btf_kernel - the running kernel's BTF, opened once in a process and shared. Never free it.
 * NULL with ENOENT when the kernel has none (built without CONFIG_DEBUG_INFO_BTF).
 */
const struct skep_btf *skep_btf_kernel(struct skep_error *err);

void skep_btf_free(struct skep_btf *btf);

/*
 * skep_btf_check - looks at every type (not those of the base), and whether the types and strings
 * that it refers to exist. Opening a large BTF checks its header alone.
 *
 * Returns 0, or -EINVAL with a message that names the damaged type and its place.
 */
int skep_btf_check(const struct skep_btf *btf, struct skep_error *err);

const char *skep_btf_label(const struct skep_btf *btf); /* the name from opts; never NULL */

/* One more than the highest type id, the base's included. */
uint32_t skep_btf_count(const struct skep_btf *btf);

/* The type with this id; NULL when there is none. Id 0 is void (BTF_KIND_UNKN). */
const struct btf_type *skep_btf_type(const struct skep_btf *btf, uint32_t id);

/* The string at an offset; NULL when the offset is outside, never unterminated. */
const char *skep_btf_string(const struct skep_btf *btf, uint32_t offset);

/* The type's name; "" for one without, or with a wrong id. */
const char *skep_btf_name(const struct skep_btf *btf, uint32_t id);

/* What follows struct btf_type for each kind. */
static inline uint16_t skep_btf_kind(const struct btf_type *t)
{
	return BTF_INFO_KIND(t->info);
}

static inline uint16_t skep_btf_vlen(const struct btf_type *t)
{
	return BTF_INFO_VLEN(t->info);
}

static inline const struct btf_member *skep_btf_members(const struct btf_type *t)
{
	return (const struct btf_member *)(t + 1);
}

static inline const struct btf_enum *skep_btf_enums(const struct btf_type *t)
{
	return (const struct btf_enum *)(t + 1);
}

static inline const struct btf_enum64 *skep_btf_enums64(const struct btf_type *t)
{
	return (const struct btf_enum64 *)(t + 1);
}

static inline const struct btf_array *skep_btf_array(const struct btf_type *t)
{
	return (const struct btf_array *)(t + 1);
}

static inline const struct btf_param *skep_btf_params(const struct btf_type *t)
{
	return (const struct btf_param *)(t + 1);
}

static inline const struct btf_var_secinfo *skep_btf_secinfos(const struct btf_type *t)
{
	return (const struct btf_var_secinfo *)(t + 1);
}

/* The bits after an integer's type: encoding, offset, width. */
static inline uint32_t skep_btf_int(const struct btf_type *t)
{
	return *(const uint32_t *)(t + 1);
}

/* Where a member begins, in bits, and its width in bits if it is a bitfield (else 0). */
static inline uint32_t skep_btf_member_offset(const struct btf_type *t, const struct btf_member *m)
{
	return BTF_INFO_KFLAG(t->info) ? BTF_MEMBER_BIT_OFFSET(m->offset) : m->offset;
}

static inline uint32_t skep_btf_member_width(const struct btf_type *t, const struct btf_member *m)
{
	return BTF_INFO_KFLAG(t->info) ? BTF_MEMBER_BITFIELD_SIZE(m->offset) : 0;
}

/*
 * skep_btf_resolve - follows typedefs, const, volatile, restrict and type tags to the type that
 * has a size or a target. Returns its id, or 0 for void, a wrong id, or a circle.
 */
uint32_t skep_btf_resolve(const struct skep_btf *btf, uint32_t id);

/* The type's size in bytes, -EINVAL for one without (void, function, forward, a circle). */
int64_t skep_btf_sizeof(const struct skep_btf *btf, uint32_t id);

/* The type's natural alignment in bytes, at least 1. */
uint32_t skep_btf_alignof(const struct skep_btf *btf, uint32_t id);

/* Bytes of a pointer in the described program: 8, or 4 where `long` has four bytes. */
uint32_t skep_btf_pointer_size(const struct skep_btf *btf);

/* True if the BTF's file has the other byte order than this machine. */
bool skep_btf_is_foreign(const struct skep_btf *btf);

/*
 * skep_btf_machine - for which machine the kernel of this BTF was made, as -D__TARGET_ARCH_ has it:
 * "x86", "i386", "arm64", "arm", "s390", "powerpc", "loongarch", "riscv" or "mips". BTF does not
 * say it: the members of struct pt_regs do. NULL if there is none, or it is of no machine known.
 */
const char *skep_btf_machine(const struct skep_btf *btf);

/*
 * skep_btf_find - the id of the first type with this name and BTF_KIND_*, or 0. Kind 0 takes any
 * kind. Names are compared whole ("task_struct___v2" is not "task_struct").
 */
uint32_t skep_btf_find(const struct skep_btf *btf, const char *name, uint32_t kind);

/*
 * skep_btf_prefetch - finds all types with these @n names in one walk, so that later calls of
 * skep_btf_find and of the relocator answer from memory. Costs one walk however many names.
 */
int skep_btf_prefetch(const struct skep_btf *btf, const char *const *names, size_t n);

/*
 * skep_btf_merge - one BTF of the types of @n others, each type once: those that say the same of
 * themselves and refer to types that are the same. What one file declares and another defines,
 * once, is the definition. Variables and sections are kept as they are. With @n = 1 it takes the
 * repetitions out of a BTF. The inputs are not changed, and may be of either byte order.
 *
 * @ids: NULL, or for each input an array of skep_btf_count() entries, which is filled with what
 * its types are called in the result.
 *
 * Returns a new BTF, or NULL with EINVAL (one is damaged, of another byte order than the first, or
 * continues another one's types), E2BIG, ENOMEM.
 */
struct skep_btf *skep_btf_merge(const struct skep_btf *const *inputs, size_t n,
				uint32_t *const *ids, struct skep_error *err);

/*
 * skep_btf_data - the BTF as bytes, *len of them, in this machine's byte order: what
 * skep_btf_new reads. They live as long as the BTF.
 */
const void *skep_btf_data(const struct skep_btf *btf, size_t *len);

/* skep_btf_write - appends the same bytes in the byte order of what the BTF was read from. */
int skep_btf_write(const struct skep_btf *btf, struct skep_text *out, struct skep_error *err);

struct skep_btf_c_opts {
	size_t size;
	const uint32_t *roots; /* only these types and what they need; NULL: all */
	size_t n_roots;
	bool bpf;    /* preserve_access_index around everything, for CO-RE; a header guard */
	bool kfuncs; /* prototypes of the functions that programs may call, in BPF programs only */
	/*
	 * With bpf: the machine (skep_btf_machine()) that programs are told they are for unless
	 * they know it. NULL: it is not said.
	 */
	const char *machine;
};

/*
 * skep_btf_print_c - the types as a C header that compiles (C99 and BPF), in an order in which
 * each type is declared before it is used; the same BTF gives the same text. Appends to @out.
 */
int skep_btf_print_c(const struct skep_btf *btf, const struct skep_btf_c_opts *opts,
		     struct skep_text *out, struct skep_error *err);

/*
 * skep_btf_print_type - the C spelling of one type as used in a declaration of @name:
 * "struct task_struct *name", "char name[16]". Appends to @out.
 */
void skep_btf_print_type(const struct skep_btf *btf, uint32_t id, const char *name,
			 struct skep_text *out);

#ifdef __cplusplus
}
#endif

#endif
