// SPDX-License-Identifier: MIT
/* BPF_PROG_LOAD: in the form that says most first, then as older kernels take it; and its log. */
#include "load/loading.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/memlock.h"
#include "load/verifier.h"

/* Where the whole log must be kept to have its end (before 6.4). */
#define MAX_LOG_SIZE	(1u << 24)
#define END_OF_LOG_SIZE 2048
#define LOG_STATISTICS	4 /* BPF_LOG_STATS of the kernel's */

static int submit(struct skep_loading *l)
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

static bool grow_log(struct skep_loading *l)
{
	uint32_t size = l->log_size ? l->log_size * 4 : l->program->object->opts.log_size;
	char *log;

	if (!l->log_size && !size)
		size = SKEP_DEFAULT_LOG_SIZE;
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
static int submit_with_log(struct skep_loading *l)
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

static int submit_without_log(struct skep_loading *l)
{
	l->attr.log_level = 0;
	l->attr.log_buf = 0;
	l->attr.log_size = 0;
	return submit(l);
}

/* Takes one more thing away that an older kernel may refuse; false when nothing is left. */
static bool simplify(struct skep_loading *l)
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
static bool is_early_refusal(const struct skep_loading *l, int code)
{
	return (code == -EINVAL || code == -E2BIG || code == -SKEP_ENOTSUPP) &&
	       !skep_verifier_has_looked(l->log ? l->log : "");
}

/*
 * Before 6.4 a full log keeps its beginning. What is missing is the end, which is all that a log
 * of statistics has: it takes the place of the last lines.
 */
static int submit_for_end_of_log(struct skep_loading *l)
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
static int submit_both_ways(struct skep_loading *l)
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

static int submit_somehow(struct skep_loading *l)
{
	int first = submit_both_ways(l);
	int fd = first;

	while (fd < 0 && is_early_refusal(l, fd) && simplify(l))
		fd = submit_both_ways(l);
	return fd >= 0 ? fd : first;
}

/* Each amendment takes out what this kernel was seen to refuse, and there are not many. */
static int submit_amended(struct skep_loading *l)
{
	int fd = submit_somehow(l);

	while (fd == -EINVAL && l->log && skep_program_amend(l->program, l->log) > 0) {
		l->log[0] = '\0';
		fd = submit_somehow(l);
	}
	return fd;
}

/* Kernels before 6.8 know arguments that are the context by their type only. */
static bool retype_contexts(struct skep_loading *l)
{
	const struct skep_program *program = l->program;
	bool changed = false;

	for (uint32_t i = 0; l->attr.prog_btf_fd && i < l->info.n_funcs; i++) {
		uint32_t id = l->info.funcs[i].type_id;

		l->info.funcs[i].type_id =
			skep_btf_ctx_function(&program->object->ctx, program->spec->type, id);
		changed |= l->info.funcs[i].type_id != id;
	}
	return changed;
}

int skep_loading_submit(struct skep_loading *l)
{
	int fd = submit_amended(l);

	if ((fd == -EINVAL || fd == -EACCES) && retype_contexts(l))
		fd = submit_amended(l);
	return fd;
}
