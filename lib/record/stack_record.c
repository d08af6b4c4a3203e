// SPDX-License-Identifier: MIT
/* Records that are stacks as a whole: of whom, where, and both halves. */
#include <skep/stack_record.h>

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "btf/kinds.h"
#include "record/stack.h"

struct skep_stack_record {
	struct skep_beside pid, cpu;
	struct {
		uint32_t offset, size;
	} comm;
	struct {
		uint32_t offset;
		bool is_there;
		struct skep_stack_node node;
	} kernel, user;
};

SKEP_DEFINE_SCOPED(stack_record, struct skep_stack_record, skep_stack_record_free)

/* The member's type, resolved, with its place in bytes; 0: there is no such member. */
static uint32_t find_member(const struct skep_btf *btf, uint32_t id, const char *name,
			    uint32_t *offset)
{
	const struct btf_type *t = skep_btf_type(btf, id);

	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		uint64_t bit = skep_btf_member_offset(t, m);

		if (strcmp(skep_btf_string(btf, m->name_off) ?: "", name) != 0)
			continue;
		*offset = (uint32_t)(bit / 8);
		return bit % 8 || bit / 8 > INT32_MAX ? 0 : skep_btf_resolve(btf, m->type);
	}
	return 0;
}

static int refuse(const char *member, const char *why, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_RECEIVE, EINVAL, "%s", why);
	skep_error_add_subject(err, "member '%s' of a stack", member);
	return -EINVAL;
}

static int find_stack(const struct skep_btf *btf, uint32_t id, const char *name,
		      const char *size_name, uint32_t *offset, struct skep_stack_node *node,
		      bool *is_there, struct skep_error *err)
{
	uint32_t type = find_member(btf, id, name, offset);

	*is_there = type;
	if (!type)
		return 0;
	if (skep_stack_of_type(node, btf, type) || node->kept == SKEP_KEPT_ID)
		return refuse(name, "it is no array of addresses or build ids", err);
	skep_stack_beside(btf, id, size_name, *offset, &node->bytes);
	return 0;
}

static int find_all(struct skep_stack_record *r, const struct skep_btf *btf, uint32_t id,
		    const struct skep_stack_fields *f, struct skep_error *err)
{
	const char *pid = f->pid ?: "pid", *comm = f->comm ?: "comm";
	const char *kstack = f->kstack ?: "kstack", *ustack = f->ustack ?: "ustack";
	uint32_t type;
	int ret;

	if (!skep_stack_beside(btf, id, pid, 0, &r->pid))
		return refuse(pid, "the record has no such number, whose stack it is", err);
	skep_stack_beside(btf, id, f->cpu_id ?: "cpu_id", 0, &r->cpu);
	type = find_member(btf, id, comm, &r->comm.offset);
	if (type && skep_btf_kind(skep_btf_type(btf, type)) == BTF_KIND_ARRAY)
		r->comm.size = (uint32_t)skep_btf_sizeof(btf, type);
	ret = find_stack(btf, id, kstack, f->kstack_sz ?: "kstack_sz", &r->kernel.offset,
			 &r->kernel.node, &r->kernel.is_there, err) ?:
		      find_stack(btf, id, ustack, f->ustack_sz ?: "ustack_sz", &r->user.offset,
				 &r->user.node, &r->user.is_there, err);
	if (ret)
		return ret;
	r->kernel.node.is_kernel = true;
	if (!skep_stack_beside(btf, id, pid, r->user.offset, &r->user.node.pid) ||
	    (!r->kernel.is_there && !r->user.is_there))
		return refuse(ustack, "the record has no stack", err);
	return 0;
}

struct skep_stack_record *skep_stack_record_new(const struct skep_btf *btf, uint32_t type_id,
						const struct skep_stack_fields *fields,
						struct skep_symbolizer *symbolizer,
						struct skep_error *err)
{
	const struct skep_stack_fields f = SKEP_OPTS(struct skep_stack_fields, fields);
	SKEP_SCOPED(skep_scoped_stack_record) struct skep_stack_record *r = NULL;
	const struct btf_type *t;

	if (!btf)
		return skep_error_null_ptr(err, SKEP_STAGE_RECEIVE, "BTF");
	type_id = skep_btf_resolve(btf, type_id);
	t = skep_btf_type(btf, type_id);
	if (!t || skep_btf_kind(t) != BTF_KIND_STRUCT || skep_btf_is_foreign(btf)) {
		skep_error_set(err, SKEP_STAGE_RECEIVE, EINVAL,
			       "a record that is a stack is a struct of this machine");
		return NULL;
	}
	r = calloc(1, sizeof(*r));
	if (!r) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	r->kernel.node.symbolizer = r->user.node.symbolizer = symbolizer;
	if (find_all(r, btf, type_id, &f, err))
		return NULL;
	if (r->kernel.is_there)
		skep_stack_prepare(&r->kernel.node);
	return SKEP_TAKE(r);
}

void skep_stack_record_free(struct skep_stack_record *record)
{
	free(record);
}

struct resolved {
	int64_t pid, cpu;
	bool has_cpu;
	char comm[64];
	struct skep_frame kernel[SKEP_STACK_MAX], user[SKEP_STACK_MAX];
	size_t n_kernel, n_user;
};

static size_t resolve_half(const struct skep_stack_node *node, bool is_there, uint32_t offset,
			   const uint8_t *data, size_t len, struct skep_frame *frames)
{
	int n = is_there && offset < len ?
			skep_stack_resolve(node, data + offset, len - offset, frames) :
			0;

	return n > 0 ? (size_t)n : 0;
}

static void write_head(const struct resolved *v, struct skep_text *out)
{
	skep_text_lit(out, "COMM: ");
	skep_text_escaped(out, v->comm, strlen(v->comm));
	skep_text_printf(out, " (pid=%lld)", (long long)v->pid);
	if (v->has_cpu)
		skep_text_printf(out, " @ CPU %lld", (long long)v->cpu);
}

static void write_lines(const struct resolved *v, struct skep_text *out)
{
	write_head(v, out);
	skep_text_lit(out, "\nKernel:\n");
	skep_stack_write(v->kernel, v->n_kernel, SKEP_STACK_LINES, out);
	skep_text_lit(out, "Userspace:\n");
	skep_stack_write(v->user, v->n_user, SKEP_STACK_LINES, out);
}

static void write_line(const struct resolved *v, struct skep_text *out)
{
	write_head(v, out);
	skep_text_lit(out, ": ");
	skep_stack_write(v->kernel, v->n_kernel, SKEP_STACK_LINE, out);
	skep_text_str(out, v->n_kernel && v->n_user ? " < " : "");
	skep_stack_write(v->user, v->n_user, SKEP_STACK_LINE, out);
	skep_text_char(out, '\n');
}

static void write_json(const struct resolved *v, struct skep_text *out)
{
	skep_text_printf(out, "{\"pid\":%lld,", (long long)v->pid);
	if (v->has_cpu)
		skep_text_printf(out, "\"cpu_id\":%lld,", (long long)v->cpu);
	skep_text_lit(out, "\"comm\":");
	skep_text_json_string(out, v->comm, strlen(v->comm));
	skep_text_lit(out, ",\"kernel\":");
	skep_stack_write(v->kernel, v->n_kernel, SKEP_STACK_JSON, out);
	skep_text_lit(out, ",\"user\":");
	skep_stack_write(v->user, v->n_user, SKEP_STACK_JSON, out);
	skep_text_lit(out, "}\n");
}

static void write_resolved(const struct resolved *v, enum skep_stack_form form,
			   struct skep_text *out)
{
	switch (form) {
	case SKEP_STACK_LINES:
		return write_lines(v, out);
	case SKEP_STACK_LINE:
		return write_line(v, out);
	case SKEP_STACK_FOLDED:
		return skep_stack_write_folded(v->comm, v->user, v->n_user, v->kernel, v->n_kernel,
					       1, out);
	case SKEP_STACK_JSON:
		return write_json(v, out);
	}
}

void skep_stack_record_write(const struct skep_stack_record *r, const void *data, size_t len,
			     enum skep_stack_form form, struct skep_text *out)
{
	struct resolved v = { .pid = 0 };

	if (!r || !data || !out)
		return;
	skep_beside_read(&r->pid, data, len, &v.pid);
	v.has_cpu = skep_beside_read(&r->cpu, data, len, &v.cpu);
	if (r->comm.size && r->comm.offset < len) {
		size_t most = len - r->comm.offset;

		most = most < r->comm.size ? most : r->comm.size;
		most = most < sizeof(v.comm) - 1 ? most : sizeof(v.comm) - 1;
		memcpy(v.comm, (const char *)data + r->comm.offset, most);
	}
	skep_stack_lock(&r->user.node);
	/* The kernel's first: naming what a process has may move no name of the kernel. */
	v.n_kernel = resolve_half(&r->kernel.node, r->kernel.is_there, r->kernel.offset, data, len,
				  v.kernel);
	v.n_user = resolve_half(&r->user.node, r->user.is_there, r->user.offset, data, len, v.user);
	write_resolved(&v, form, out);
	skep_stack_unlock(&r->user.node);
}

void skep_stack_record_resolve(const struct skep_stack_record *r, const void *data, size_t len)
{
	struct skep_frame frames[SKEP_STACK_MAX];

	if (!r || !data || !r->user.node.symbolizer)
		return;
	skep_stack_lock(&r->user.node);
	resolve_half(&r->user.node, r->user.is_there, r->user.offset, data, len, frames);
	skep_stack_unlock(&r->user.node);
}
