/* SPDX-License-Identifier: MIT */
/*
 * skep/stack_record.h - records that are a stack as a whole: who was where, in the kernel and in
 * user space, as bpf_get_stack() writes it into a record:
 *
 *	struct event {
 *		__u32 pid, cpu_id;
 *		char comm[16];
 *		__s32 kstack_sz, ustack_sz;
 *		__u64 kstack[32], ustack[32];
 *	};
 *
 *	record = skep_stack_record_new(btf, type_id, NULL, symbolizer, &err);
 *	skep_stack_record_write(record, data, len, SKEP_STACK_LINES, &text);
 */
#ifndef SKEP_STACK_RECORD_H
#define SKEP_STACK_RECORD_H

#include <skep/btf.h>
#include <skep/stack.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the members are called; NULL: as in the struct above. Those of sizes are in bytes. */
struct skep_stack_fields {
	size_t size; /* sizeof(struct skep_stack_fields) */
	const char *pid, *cpu_id, *comm, *kstack_sz, *ustack_sz, *kstack, *ustack;
};

struct skep_stack_record;

/*
 * skep_stack_record_new - finds the members in a struct. @symbolizer, which must outlive it and may
 * be shared with schemas; NULL: addresses without names. Needed are the pid and one of the stacks,
 * of addresses or of struct bpf_stack_build_id. EINVAL: the message names what is missing.
 */
struct skep_stack_record *skep_stack_record_new(const struct skep_btf *btf, uint32_t type_id,
						const struct skep_stack_fields *fields,
						struct skep_symbolizer *symbolizer,
						struct skep_error *err);
void skep_stack_record_free(struct skep_stack_record *record);

/*
 * skep_stack_record_write - one record, with newline. LINES: "COMM: cat (pid=7) @ CPU 1", "Kernel:"
 * and "Userspace:" with a line a frame; LINE: all of it on one; FOLDED: a line of a flame graph
 * with the count 1; JSON: {"pid","cpu_id","comm","kernel":[..],"user":[..]}. A size below zero is
 * an error of the helper: that stack is empty.
 */
void skep_stack_record_write(const struct skep_stack_record *record, const void *data, size_t len,
			     enum skep_stack_form form, struct skep_text *out);

/* The same as skep_record_resolve(): looks its process up now, for when it is written later. */
void skep_stack_record_resolve(const struct skep_stack_record *record, const void *data,
			       size_t len);

#ifdef __cplusplus
}
#endif

#endif
