// SPDX-License-Identifier: MIT
#include "load/loading.h"

#include <skep/probe.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"
#include "load/hook.h"
#include "load/probe.h"
#include "load/program_rights.h"
#include "load/verifier.h"

static void loading_end(struct skep_loading *l)
{
	skep_program_info_free(&l->info);
	free(l->log);
}

static void describe(struct skep_loading *l)
{
	const struct skep_object *object = l->program->object;

	if (object->btf_fd < 0 || !l->info.n_funcs)
		return;
	l->attr.prog_btf_fd = (uint32_t)object->btf_fd;
	l->attr.func_info = SKEP_PTR(l->info.funcs);
	l->attr.func_info_cnt = l->info.n_funcs;
	l->attr.func_info_rec_size = sizeof(*l->info.funcs);
	l->attr.line_info = SKEP_PTR(l->info.lines);
	l->attr.line_info_cnt = l->info.n_lines;
	l->attr.line_info_rec_size = l->info.n_lines ? sizeof(*l->info.lines) : 0;
}

static int prepare(struct skep_loading *l, struct skep_error *err)
{
	struct skep_program *program = l->program;
	const struct skep_spec *spec = program->object->spec;
	struct skep_hook hook;
	int ret = skep_hook_find(program, &hook, err);

	if (ret)
		return ret;
	if (skep_program_info_collect(&l->info, &program->code, spec))
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	l->attr = (struct skep_attr_prog_load){ .prog_type = program->spec->type,
						.insn_cnt = program->code.n_insns,
						.insns = SKEP_PTR(program->code.insns),
						.license = SKEP_PTR(spec->license),
						.kern_version = spec->kern_version,
						.prog_ifindex = program->spec->ifindex,
						.prog_flags = program->spec->flags,
						.expected_attach_type = program->spec->attach_type,
						.attach_btf_id = hook.btf_id,
						.attach_prog_fd = (uint32_t)hook.fd,
						.fd_array = SKEP_PTR(program->object->fd_array) };
	/* The member of the struct takes the place of an attach type. */
	if (program->spec->type == BPF_PROG_TYPE_STRUCT_OPS)
		l->attr.expected_attach_type = hook.member;
	if (program->object->token_fd >= 0) {
		l->attr.prog_flags |= SKEP_F_TOKEN_FD;
		l->attr.prog_token_fd = program->object->token_fd;
	}
	skep_bpf_name(l->attr.prog_name, program->spec->name);
	describe(l);
	return 0;
}

/* What the verifier says is not there may only be hidden from this process. */
static void explain_hidden(const struct skep_loading *l, struct skep_error *err)
{
	struct skep_rights rights;

	if (!strstr(l->log, "cannot use helper ") && !strstr(l->log, "unknown func "))
		return;
	skep_rights_read(&rights);
	skep_rights_hide_helper(&rights, err, l->log);
}

/* "xdp", "tracing (trace_iter)": attach type 0 is none for most types. */
static void type_in_words(const struct skep_program_spec *spec, char out[96])
{
	const char *type = skep_program_type_name(spec->type);
	const char *attach = spec->attach_type ? skep_attach_type_name(spec->attach_type) : NULL;
	size_t len;

	if (type)
		len = (size_t)snprintf(out, 96, "%s", type);
	else
		len = (size_t)snprintf(out, 96, "%u", spec->type);
	if (attach && (!type || strcmp(type, attach) != 0))
		snprintf(out + len, 96 - len, " (%s)", attach);
	else if (spec->attach_type && !attach)
		snprintf(out + len, 96 - len, " (attach type %u)", spec->attach_type);
}

static void explain(const struct skep_loading *l, int code, struct skep_error *err)
{
	const struct skep_program *program = l->program;
	unsigned int needs = skep_program_rights(program->spec->type, program->spec->attach_type);
	char type[96];

	type_in_words(program->spec, type);
	if (l->log && skep_verifier_has_looked(l->log)) {
		skep_verifier_explain(err, code, &program->code, program->object->spec, l->log);
		if (code == -EINVAL)
			explain_hidden(l, err);
	} else if (code == -EPERM && program->object->token_fd >= 0) {
		skep_token_refused(program->object->opts.token_path, code, err);
	} else if (code == -EPERM || code == -EACCES) {
		skep_rights_explain(err, SKEP_STAGE_LOAD, code, needs,
				    "the kernel refuses to load it");
	} else if (skep_rights_lack_jit(needs)) {
		skep_rights_no_jit(err, SKEP_STAGE_LOAD, code, "the kernel does not load it");
	} else if (code == -EINVAL && skep_kernel_lacks_program_type(program->spec->type,
								     program->spec->attach_type)) {
		skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP, "this kernel has no program type %s",
			       type);
		skep_error_add_hint(err, "use an older type, or a newer kernel");
	} else if (program->spec->ifindex && (code == -EINVAL || code == -EOPNOTSUPP)) {
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "the card of interface %u runs no programs, or not of type %u",
			       program->spec->ifindex, program->spec->type);
		skep_error_add_hint(err, "load it without an interface: the kernel runs it then");
	} else if (code == -EINVAL) {
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "the kernel does not take program type %s with flags 0x%x", type,
			       program->spec->flags);
		skep_error_add_hint(err,
				    "this kernel may be too old for it or be built without it");
	} else {
		skep_error_set_errno(err, SKEP_STAGE_LOAD, code, "the kernel does not load it");
	}
	if (program->object->btf_error)
		skep_error_add_hint(err, "the kernel refused the object's BTF, which some programs "
					 "need");
}

/* The end of the log, as much as was asked for, to whole lines. */
static int keep_log(struct skep_loading *l)
{
	size_t len = l->log ? strlen(l->log) : 0;
	size_t max = l->program->object->opts.log_size;
	const char *from = l->log;

	if (!len)
		return 0;
	if (!max)
		max = SKEP_DEFAULT_LOG_SIZE;
	if (len > max) {
		const char *line = strchr(l->log + len - max, '\n');

		from = line ? line + 1 : l->log + len - max;
	}
	l->program->log = strdup(from);
	return l->program->log ? 0 : -ENOMEM;
}

static int no_type(struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
		       "its section's name is unknown, so that its type is not known either");
	skep_error_add_hint(err, "use a name such as \"tp/CATEGORY/NAME\" or \"xdp\", or set its "
				 "type");
	return -EINVAL;
}

static int load(struct skep_loading *l, struct skep_error *err)
{
	struct skep_program *program = l->program;
	int ret;

	if (program->spec->type == BPF_PROG_TYPE_UNSPEC)
		return no_type(err);
	ret = program->code.insns ? 0 : skep_program_resolve(program, err);
	ret = ret ?: prepare(l, err);
	if (ret)
		return ret;
	ret = skep_loading_submit(l);
	if (keep_log(l)) {
		if (ret >= 0)
			close(ret);
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	}
	if (ret < 0) {
		explain(l, ret, err);
		return ret;
	}
	program->fd = ret;
	skep_program_bind_maps(program);
	return 0;
}

static int failed(const struct skep_program *program, int ret, struct skep_error *err)
{
	skep_error_add_subject(err, "program '%s' (%s)", program->spec->name,
			       program->spec->section);
	return ret;
}

int skep_program_prepare(struct skep_program *program, struct skep_error *err)
{
	int ret = program->spec->type == BPF_PROG_TYPE_UNSPEC ? no_type(err) :
								skep_program_resolve(program, err);

	return ret ? failed(program, ret, err) : 0;
}

int skep_program_load(struct skep_program *program, struct skep_error *err)
{
	struct skep_loading l = { .program = program };
	int ret = load(&l, err);

	loading_end(&l);
	return ret ? failed(program, ret, err) : 0;
}
