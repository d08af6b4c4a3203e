// SPDX-License-Identifier: MIT
#include "load/object.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/memlock.h"
#include "kernel/rights.h"
#include "load/hook.h"
#include "load/probe.h"
#include "load/program_info.h"
#include "load/program_rights.h"
#include "load/verifier.h"

#define DEFAULT_LOG_SIZE (1u << 20)
/* Where the whole log must be kept to have its end (before 6.4). */
#define MAX_LOG_SIZE	(1u << 24)
#define END_OF_LOG_SIZE 2048
#define LOG_STATISTICS	4 /* BPF_LOG_STATS of the kernel's */

struct loading {
	struct skep_program *program;
	struct skep_attr_prog_load attr;
	struct skep_program_info info;
	char *log;
	uint32_t log_size;
};

static void loading_end(struct loading *l)
{
	skep_program_info_free(&l->info);
	free(l->log);
}

static void describe(struct loading *l)
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

static int prepare(struct loading *l, struct skep_error *err)
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

static int submit(struct loading *l)
{
	int fd = skep_bpf_prog_load(&l->attr);
	struct rlimit old;

	if (fd != -EPERM || !skep_memlock_raise(&old))
		return fd;
	fd = skep_bpf_prog_load(&l->attr);
	if (fd == -EPERM)
		skep_memlock_restore(&old);
	return fd;
}

static bool grow_log(struct loading *l)
{
	uint32_t size = l->log_size ? l->log_size * 4 : l->program->object->opts.log_size;
	char *log;

	if (!l->log_size && !size)
		size = DEFAULT_LOG_SIZE;
	if (size < 4096)
		size = 4096;
	if (size > MAX_LOG_SIZE)
		return false;
	log = calloc(1, size);
	if (!log)
		return false;
	free(l->log);
	l->log = log;
	l->log_size = size;
	return true;
}

/*
 * Loads with a log that has room for its end, which holds the reason. ENOSPC says that the
 * beginning is missing (6.4 on) or the end; only the latter needs more room.
 */
static int submit_with_log(struct loading *l)
{
	uint32_t level = l->program->object->opts.log_level;
	int fd = -ENOSPC;

	while (fd == -ENOSPC && grow_log(l)) {
		l->log[0] = '\0';
		l->attr.log_level = level ? level : 1;
		l->attr.log_buf = SKEP_PTR(l->log);
		l->attr.log_size = l->log_size;
		fd = submit(l);
		l->log[l->log_size - 1] = '\0';
		if (skep_verifier_has_ended(l->log))
			break;
	}
	return fd;
}

static int submit_without_log(struct loading *l)
{
	l->attr.log_level = 0;
	l->attr.log_buf = 0;
	l->attr.log_size = 0;
	return submit(l);
}

/* Takes one more thing away that an older kernel may refuse; false when nothing is left. */
static bool simplify(struct loading *l)
{
	if (l->attr.prog_btf_fd) {
		l->attr.prog_btf_fd = 0;
		l->attr.func_info_cnt = 0;
		l->attr.func_info_rec_size = 0;
		l->attr.line_info_cnt = 0;
		l->attr.line_info_rec_size = 0;
	} else if (l->attr.expected_attach_type && l->program->spec->attach_type_optional) {
		l->attr.expected_attach_type = 0;
	} else if (l->attr.prog_name[0]) {
		memset(l->attr.prog_name, 0, sizeof(l->attr.prog_name));
	} else {
		return false;
	}
	return true;
}

/* The instructions were not looked at: what is around them was refused. */
static bool is_early_refusal(const struct loading *l, int code)
{
	return (code == -EINVAL || code == -E2BIG || code == -SKEP_ENOTSUPP) &&
	       !skep_verifier_has_looked(l->log ? l->log : "");
}

/*
 * Before 6.4 a full log keeps its beginning. What is missing is the end, which is all that a log
 * of statistics has: it takes the place of the last lines.
 */
static int submit_for_end_of_log(struct loading *l)
{
	char *end = l->log + l->log_size - END_OF_LOG_SIZE;
	int fd;

	while (end > l->log && end[-1] != '\n')
		end--;
	l->attr.log_level = LOG_STATISTICS;
	l->attr.log_buf = SKEP_PTR(end);
	l->attr.log_size = END_OF_LOG_SIZE;
	*end = '\0';
	fd = submit(l);
	end[END_OF_LOG_SIZE - 1] = '\0';
	return fd;
}

/*
 * Without a log first, which is the fastest, then with one to learn the reason. What a cut log
 * turned into ENOSPC is asked for again.
 */
static int submit_both_ways(struct loading *l)
{
	bool wants_log = l->program->object->opts.log_level;
	int plain = wants_log ? 0 : submit_without_log(l);
	int fd;

	if (plain > 0)
		return plain;
	fd = submit_with_log(l);
	if (fd == -ENOSPC && l->log)
		fd = submit_for_end_of_log(l);
	if (fd == -ENOSPC)
		fd = wants_log ? submit_without_log(l) : plain;
	return fd;
}

static int submit_somehow(struct loading *l)
{
	int first = submit_both_ways(l);
	int fd = first;

	while (fd < 0 && is_early_refusal(l, fd) && simplify(l))
		fd = submit_both_ways(l);
	return fd >= 0 ? fd : first;
}

/*
 * Before 6.4 only variables may be referred to by a type id, and a program that asks whether a
 * function is there gets its address as a number. Loads once more then.
 */
static int submit_with_addresses(struct loading *l, int refused)
{
	if (refused != -EINVAL || !l->log || !strstr(l->log, "isn't KIND_VAR") ||
	    skep_program_set_addresses(l->program) <= 0)
		return refused;
	l->log[0] = '\0';
	return submit_somehow(l);
}

/* What the verifier says is not there may only be hidden from this process. */
static void explain_hidden(const struct loading *l, struct skep_error *err)
{
	struct skep_rights rights;

	if (!strstr(l->log, "cannot use helper ") && !strstr(l->log, "unknown func "))
		return;
	skep_rights_read(&rights);
	skep_rights_hide_helper(&rights, err, l->log);
}

static void explain(const struct loading *l, int code, struct skep_error *err)
{
	const struct skep_program *program = l->program;
	unsigned int needs = skep_program_rights(program->spec->type, program->spec->attach_type);

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
		skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
			       "this kernel has no program type %u with attach type %u",
			       program->spec->type, program->spec->attach_type);
		skep_error_add_hint(err, "use an older type, or a newer kernel");
	} else if (code == -EINVAL) {
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "the kernel does not take program type %u with attach type %u and "
			       "flags 0x%x",
			       program->spec->type, program->spec->attach_type,
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
static int keep_log(struct loading *l)
{
	size_t len = l->log ? strlen(l->log) : 0;
	size_t max = l->program->object->opts.log_size;
	const char *from = l->log;

	if (!len)
		return 0;
	if (!max)
		max = DEFAULT_LOG_SIZE;
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

static int load(struct loading *l, struct skep_error *err)
{
	struct skep_program *program = l->program;
	int ret;

	if (program->spec->type == BPF_PROG_TYPE_UNSPEC)
		return no_type(err);
	ret = skep_program_resolve(program, err) ?: prepare(l, err);
	if (ret)
		return ret;
	ret = submit_with_addresses(l, submit_somehow(l));
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
	return 0;
}

int skep_program_load(struct skep_program *program, struct skep_error *err)
{
	struct loading l = { .program = program };
	int ret = load(&l, err);

	loading_end(&l);
	if (ret)
		skep_error_add_subject(err, "program '%s' (%s)", program->spec->name,
				       program->spec->section);
	return ret;
}
