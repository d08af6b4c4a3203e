// SPDX-License-Identifier: MIT
/* Running programs by hand: what each type takes, and why the kernel did not (net/bpf/test_run.c).
 */
#include "load/object.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"
#include "load/program_rights.h"

#define PACKET "data_in: a packet of at least 14 bytes with its Ethernet header, at most a page; "
#define SKB    PACKET "ctx_in: nothing, or a struct __sk_buff with zeros where it cannot be set"

static const struct {
	uint32_t type;
	const char *takes;
} types[] = {
	{ BPF_PROG_TYPE_SOCKET_FILTER, SKB },
	{ BPF_PROG_TYPE_SCHED_CLS, SKB },
	{ BPF_PROG_TYPE_SCHED_ACT, SKB },
	{ BPF_PROG_TYPE_CGROUP_SKB, SKB },
	{ BPF_PROG_TYPE_LWT_IN, SKB },
	{ BPF_PROG_TYPE_LWT_OUT, SKB },
	{ BPF_PROG_TYPE_LWT_XMIT, SKB },
	{ BPF_PROG_TYPE_LWT_SEG6LOCAL, SKB },
	{ BPF_PROG_TYPE_XDP,
	  PACKET "ctx_in: nothing, or a struct xdp_md whose data_end is data_in_len; live frames "
		 "take neither data_out nor ctx_out" },
	{ BPF_PROG_TYPE_FLOW_DISSECTOR,
	  PACKET "ctx_in: nothing, or a struct bpf_flow_keys of which only flags are set" },
	{ BPF_PROG_TYPE_SK_LOOKUP, "ctx_in: a struct bpf_sk_lookup, and nothing else" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT,
	  "ctx_in: its arguments, 64 bits each, as many as it reads; no packet, no output, no "
	  "repeat" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE,
	  "ctx_in: its arguments, 64 bits each, as many as it reads; no packet, no output, no "
	  "repeat" },
	{ BPF_PROG_TYPE_TRACING, "nothing at all, no flags, no repeat" },
	{ BPF_PROG_TYPE_SYSCALL,
	  "ctx_in: as many bytes as it reads, at most 65535; no packet, no repeat" },
	{ BPF_PROG_TYPE_STRUCT_OPS,
	  "ctx_in: of bpf_dummy_ops, the address of its state and each argument, 64 bits each" },
	{ SKEP_PROG_TYPE_NETFILTER,
	  "data_in: a packet with its Ethernet and IP headers; ctx_in: nothing, or a struct "
	  "nf_hook_state" },
};

static const char *takes(uint32_t type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == type)
			return types[i].takes;
	return NULL;
}

struct run {
	const struct skep_program *program;
	struct skep_program_run *run;
	struct skep_attr_test_run attr;
	void *copy; /* of a context that the kernel writes into */
};

static int wrong(struct skep_error *err, const char *what)
{
	return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "%s", what);
}

/* The kernel takes a length of 0 for "as much as there is", and would write beyond the end. */
static int check(const struct skep_program_run *run, struct skep_error *err)
{
	if (!run->data_in && run->data_in_len)
		return wrong(err, "data_in_len is set without data_in");
	if (!run->ctx_in != !run->ctx_in_len)
		return wrong(err, "ctx_in and ctx_in_len are not set together");
	if (run->data_out && !run->data_out_len)
		return wrong(err, "data_out has no room: data_out_len is 0");
	if (run->ctx_out && !run->ctx_out_len)
		return wrong(err, "ctx_out has no room: ctx_out_len is 0");
	return 0;
}

/*
 * The kernel writes a syscall program's context back to where it came from, which the caller's must
 * not be.
 */
static int prepare_syscall(struct run *r, struct skep_error *err)
{
	const struct skep_program_run *run = r->run;
	void *to = run->ctx_out;

	if (!run->ctx_in)
		return run->ctx_out ? wrong(err, "a syscall program's ctx_out is its ctx_in "
						 "afterwards, which is missing") :
				      0;
	if (to && run->ctx_out_len < run->ctx_in_len)
		return skep_error_set(err, SKEP_STAGE_USAGE, ENOSPC,
				      "ctx_out has room for %u bytes, but ctx_in has %u",
				      run->ctx_out_len, run->ctx_in_len);
	if (!to)
		to = r->copy = malloc(run->ctx_in_len);
	if (!to)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	memmove(to, run->ctx_in, run->ctx_in_len);
	r->attr.ctx_in = SKEP_PTR(to);
	r->attr.ctx_out = 0;
	r->attr.ctx_size_out = 0;
	return 0;
}

static int prepare(struct run *r, struct skep_error *err)
{
	const struct skep_program_run *run = r->run;
	int ret = check(run, err);

	r->attr = (struct skep_attr_test_run){ .prog_fd = (uint32_t)r->program->fd,
					       .data_in = SKEP_PTR(run->data_in),
					       .data_size_in = run->data_in_len,
					       .data_out = SKEP_PTR(run->data_out),
					       .ctx_in = SKEP_PTR(run->ctx_in),
					       .ctx_size_in = run->ctx_in_len,
					       .ctx_out = SKEP_PTR(run->ctx_out),
					       .repeat = run->repeat,
					       .flags = run->flags,
					       .cpu = run->cpu,
					       .batch_size = run->batch_size };
	if (run->data_out)
		r->attr.data_size_out = run->data_out_len;
	if (run->ctx_out)
		r->attr.ctx_size_out = run->ctx_out_len;
	if (!ret && r->program->spec->type == BPF_PROG_TYPE_SYSCALL)
		ret = prepare_syscall(r, err);
	return ret;
}

/* Of tracing programs only those at functions can be run. */
static bool cannot_run(const struct skep_program_spec *spec, int code)
{
	if (code == -SKEP_ENOTSUPP || code == -EOPNOTSUPP)
		return true;
	return (code == -EINVAL || code == -EFAULT) && spec->type == BPF_PROG_TYPE_TRACING &&
	       (spec->attach_type == BPF_TRACE_RAW_TP || spec->attach_type == BPF_TRACE_ITER);
}

static int no_room(const struct run *r, int code, struct skep_error *err)
{
	const struct skep_program_run *run = r->run;
	bool data = run->data_out && r->attr.data_size_out > run->data_out_len;

	if (data)
		skep_error_set(
			err, SKEP_STAGE_LOAD, code,
			"the packet that comes out has %u bytes, but data_out has room for %u",
			r->attr.data_size_out, run->data_out_len);
	else
		skep_error_set(
			err, SKEP_STAGE_LOAD, code,
			"the context that comes out has %u bytes, but ctx_out has room for %u",
			r->attr.ctx_size_out, run->ctx_out_len);
	skep_error_add_hint(err, "make the room larger: what fitted is there");
	return code;
}

static int too_big(const struct run *r, int code, struct skep_error *err)
{
	if (r->run->batch_size)
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "batches of %u frames are more than the kernel sends at once",
			       r->run->batch_size);
	else
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "its context of %u bytes is longer than the kernel's, and what the "
			       "kernel does not know of it is not zero",
			       r->run->ctx_in_len);
	return code;
}

static int explain(const struct run *r, int code, struct skep_error *err)
{
	const struct skep_program_spec *spec = r->program->spec;
	const char *needs = takes(spec->type);

	if (cannot_run(spec, code)) {
		code = skep_error_set(
			err, SKEP_STAGE_LOAD, ENOTSUP, "%s cannot be run by hand%s",
			spec->type == BPF_PROG_TYPE_TRACING ? "tp_btf and iterators" :
							      "programs of its type",
			needs && spec->type != BPF_PROG_TYPE_TRACING ? " by this kernel" : "");
		skep_error_add_hint(err, "attach it, and let what it waits for happen");
	} else if (code == -ENOSPC) {
		no_room(r, code, err);
	} else if (code == -E2BIG) {
		too_big(r, code, err);
	} else if (code == -EPERM || code == -EACCES) {
		skep_rights_explain(err, SKEP_STAGE_LOAD, code,
				    skep_program_rights(spec->type, spec->attach_type),
				    "the kernel refuses to run it");
	} else if (code == -EINVAL && needs) {
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "the kernel does not run it with what it is given");
		skep_error_add_hint(err, "programs of its type take %s%s", needs,
				    r->run->flags ? "; or this kernel does not know the flags" :
						    "");
	} else {
		skep_error_set_errno(err, SKEP_STAGE_LOAD, code, "the kernel does not run it");
	}
	return code;
}

/* Lengths are told also when the room was too small for them. */
static void take_lengths(const struct run *r)
{
	r->run->data_out_len = r->attr.data_size_out;
	if (r->program->spec->type == BPF_PROG_TYPE_SYSCALL)
		r->run->ctx_out_len = r->run->ctx_in_len;
	else
		r->run->ctx_out_len = r->attr.ctx_size_out;
}

static int run_it(struct run *r, struct skep_error *err)
{
	int ret;

	if (r->program->fd < 0)
		return skep_error_set(err, SKEP_STAGE_LOAD, EBADF, "it is not loaded");
	ret = prepare(r, err);
	if (ret)
		return ret;
	ret = skep_bpf_prog_test_run(&r->attr);
	if (ret)
		ret = explain(r, ret, err);
	if (!ret || ret == -ENOSPC)
		take_lengths(r);
	if (ret)
		return ret;
	r->run->retval = r->attr.retval;
	r->run->duration_ns = r->attr.duration;
	return 0;
}

int skep_program_test_run(const struct skep_program *program, struct skep_program_run *run,
			  struct skep_error *err)
{
	struct skep_program_run full = { 0 };
	struct run r = { .program = program, .run = &full };
	size_t size;
	int ret;

	if (!program || !run)
		return skep_error_null(err, SKEP_STAGE_LOAD, program ? "run" : "program");
	if (run->size < offsetof(struct skep_program_run, batch_size))
		return wrong(err, "the run does not say its size");
	size = run->size < sizeof(full) ? run->size : sizeof(full);
	memcpy(&full, run, size);
	ret = run_it(&r, err);
	memcpy(run, &full, size);
	free(r.copy);
	if (ret) {
		skep_error_add_object(err, "%s", program->object->spec->name);
		skep_error_add_subject(err, "program '%s' (%s)", program->spec->name,
				       program->spec->section);
	}
	return ret;
}
