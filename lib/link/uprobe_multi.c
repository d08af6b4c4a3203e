// SPDX-License-Identifier: MIT
/* Many functions of one program or library at once. */
#include "link/uprobe.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/opts.h"
#include "base/uapi.h"
#include "user/symbols.h"

#define MAX_POINTS (1u << 20) /* MAX_UPROBE_MULTI_CNT */

struct multi {
	const struct skep_program *program;
	struct skep_uprobe_multi_opts opts;
	const char *pattern;
	struct skep_binary *binary;
	struct skep_uprobe_point *points;
	size_t n;
};

static bool is_session(const struct multi *m)
{
	return skep_program_spec(m->program)->attach_type == SKEP_TRACE_UPROBE_SESSION;
}

static int check_lists(const struct multi *m, struct skep_error *err)
{
	const struct skep_uprobe_multi_opts *o = &m->opts;
	bool has_list = o->symbols || o->offsets;

	if (!m->pattern == !has_list || (o->symbols && o->offsets))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "it takes either a pattern, symbols or offsets");
	if (m->pattern && (o->cookies || o->ref_ctr_offsets))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "cookies and counters need a list of functions: a pattern's "
				      "have no order");
	if (has_list && (!o->n || o->n > MAX_POINTS))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "a list of 1 to %u places is needed, not of %zu", MAX_POINTS,
				      o->n);
	for (size_t i = 0; o->symbols && i < o->n; i++)
		if (!o->symbols[i])
			return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
					      "the list of symbols has no name at %zu", i);
	return 0;
}

static int check(const struct multi *m, const char *path, struct skep_error *err)
{
	int ret = skep_link_check(m->program, BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_KPROBE,
				  "functions of user space", err);

	if (!ret)
		ret = skep_uprobe_check_pid(m->opts.pid, err);
	if (ret)
		return ret;
	if (!path)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL, "no file is given");
	if (is_session(m) && m->opts.retprobe)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "a session sees beginnings and returns already");
	return check_lists(m, err);
}

static int match(struct multi *m, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) uint64_t *offsets = NULL;
	int64_t n = skep_image_match(&m->binary->image, m->pattern, &offsets, err);

	if (n < 0)
		return (int)n;
	m->points = calloc((size_t)n, sizeof(*m->points));
	if (!m->points)
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	m->n = (size_t)n;
	for (size_t i = 0; i < m->n; i++)
		m->points[i].offset = offsets[i] + m->binary->member;
	return 0;
}

static int list(struct multi *m, const char *const *symbols, size_t n, struct skep_error *err)
{
	const struct skep_uprobe_multi_opts *o = &m->opts;
	int ret = 0;

	m->points = calloc(n, sizeof(*m->points));
	if (!m->points)
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	m->n = n;
	for (size_t i = 0; i < n && !ret; i++) {
		struct skep_uprobe_point *point = &m->points[i];

		ret = skep_uprobe_place(m->binary, symbols ? symbols[i] : NULL,
					symbols ? 0 : o->offsets[i], &point->offset, err);
		if (o->ref_ctr_offsets && o->ref_ctr_offsets[i])
			point->ref_ctr = o->ref_ctr_offsets[i] + m->binary->member;
		point->cookie = o->cookies ? o->cookies[i] : 0;
	}
	return ret;
}

static int find_points(struct multi *m, struct skep_error *err)
{
	int ret = skep_uprobe_check_machine(m->binary, err);

	if (ret)
		return ret;
	if (!m->pattern)
		return list(m, m->opts.symbols, m->opts.n, err);
	/* One name alone is looked for as such, which can say more when it is not there. */
	if (!skep_glob_is_pattern(m->pattern))
		return list(m, &m->pattern, 1, err);
	return match(m, err);
}

static void name_hook(const struct multi *m, struct skep_uprobe *uprobe)
{
	const char *kind = is_session(m)     ? "uprobe.session" :
			   uprobe->is_return ? "uretprobe.multi" :
					       "uprobe.multi";

	if (m->pattern)
		snprintf(uprobe->hook, sizeof(uprobe->hook), "%s %.60s:%.60s", kind,
			 m->binary->label, m->pattern);
	else
		snprintf(uprobe->hook, sizeof(uprobe->hook), "%s %.60s (%zu places)", kind,
			 m->binary->label, m->n);
}

static struct skep_link *attach(struct multi *m, struct skep_error *err)
{
	struct skep_uprobe uprobe = { .program = m->program,
				      .binary = m->binary,
				      .pid = m->opts.pid,
				      .is_return =
					      m->opts.retprobe ||
					      skep_link_in_section(m->program, "uretprobe.multi"),
				      .has_cookies = m->opts.cookies };
	int ret = find_points(m, err);

	skep_binary_close(m->binary);
	if (ret)
		return NULL;
	uprobe.points = m->points;
	uprobe.n = m->n;
	name_hook(m, &uprobe);
	return skep_uprobe_link(&uprobe, err);
}

struct skep_link *skep_program_attach_uprobe_multi(const struct skep_program *program,
						   const char *path, const char *pattern,
						   const struct skep_uprobe_multi_opts *opts,
						   struct skep_error *err)
{
	struct multi m = { .program = program,
			   .opts = SKEP_OPTS(struct skep_uprobe_multi_opts, opts),
			   .pattern = pattern };
	struct skep_link *link = NULL;

	if (check(&m, path, err))
		return skep_link_fail(program, err);
	m.binary = skep_uprobe_binary(err);
	if (m.binary && !skep_binary_open(m.binary, path, m.opts.pid, err))
		link = attach(&m, err);
	free(m.binary);
	free(m.points);
	return link ? link : skep_link_fail(program, err);
}

/* "PATH:PATTERN" */
struct skep_link *skep_uprobe_multi_by_section(const struct skep_program *program,
					       struct skep_error *err)
{
	const char *target = skep_program_spec(program)->target;
	const char *colon = skep_uprobe_split(target, "FILE:PATTERN", err);
	SKEP_SCOPED(skep_scoped_free) char *path = NULL;

	if (!colon)
		return skep_link_fail(program, err);
	path = strndup(target, (size_t)(colon - target));
	if (!path) {
		skep_error_nomem(err, SKEP_STAGE_ATTACH);
		return NULL;
	}
	return skep_program_attach_uprobe_multi(program, path, colon + 1, NULL, err);
}
