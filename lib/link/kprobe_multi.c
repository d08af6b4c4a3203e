// SPDX-License-Identifier: MIT
/* One link to many functions of the kernel at once. */
#include "link/link.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/opts.h"
#include "base/uapi.h"
#include "kernel/available_functions.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"
#include "kernel/tracefs.h"

#define MAX_FUNCTIONS (1u << 20) /* MAX_KPROBE_MULTI_CNT */
#define RETURN	      1u	 /* BPF_F_KPROBE_MULTI_RETURN */

struct multi {
	const struct skep_program *program;
	struct skep_kprobe_multi_opts opts; /* functions or addresses are given */
	const char *pattern;		    /* where they come from, or NULL */
	const char *family;
	char hook[160];
};

static bool is_session(const struct skep_program *program)
{
	return program && skep_program_spec(program)->attach_type == SKEP_TRACE_KPROBE_SESSION;
}

static int check_lists(const struct multi *m, struct skep_error *err)
{
	const struct skep_kprobe_multi_opts *o = &m->opts;
	bool has_list = o->functions || o->addresses;

	if (!m->pattern == !has_list || (o->functions && o->addresses))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "it takes either a pattern, functions or addresses");
	if (m->pattern && o->cookies)
		return skep_error_set(
			err, SKEP_STAGE_ATTACH, EINVAL,
			"cookies need a list of functions: a pattern's have no order");
	if (has_list && (!o->n || o->n > MAX_FUNCTIONS))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "a list of 1 to %u functions is needed, not of %zu",
				      MAX_FUNCTIONS, o->n);
	for (size_t i = 0; o->functions && i < o->n; i++)
		if (!o->functions[i])
			return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
					      "the list of functions has no name at %zu", i);
	return 0;
}

static int check(const struct multi *m, struct skep_error *err)
{
	uint32_t attach_type;
	int ret = skep_link_check(m->program, BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_KPROBE,
				  "functions of the kernel", err);

	if (ret)
		return ret;
	attach_type = skep_program_spec(m->program)->attach_type;
	if (attach_type != BPF_TRACE_KPROBE_MULTI && attach_type != SKEP_TRACE_KPROBE_SESSION) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "it was loaded for one function, and not for many");
		skep_error_add_hint(err, "name its section kprobe.multi, kretprobe.multi or "
					 "kprobe.session");
		return -EINVAL;
	}
	if (is_session(m->program) && m->opts.retprobe)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "a session sees beginnings and returns already");
	return check_lists(m, err);
}

/* A name that the kernel has, but not for this, is told apart from one that it does not have. */
static int missing_function(const struct multi *m, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int tracefs = skep_tracefs_open(NULL);
	int64_t i = -1;

	if (tracefs >= 0 && m->opts.functions)
		i = skep_available_missing(tracefs, m->opts.functions, m->opts.n, NULL);
	if (i >= 0 && (size_t)i < m->opts.n)
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
			       "the kernel has no function '%s' that can be traced",
			       m->opts.functions[i]);
	else
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
			       "one of these is no function that can be traced");
	skep_error_add_hint(err, "those that can be are listed in "
				 "/sys/kernel/tracing/available_filter_functions");
	return -ENOENT;
}

/*
 * EINVAL is an attach type that the kernel does not know, as all else was checked; E2BIG are fields
 * that it does not know; EOPNOTSUPP says that it was built without.
 */
static int refused(const struct multi *m, int code, struct skep_error *err)
{
	if (code == -ESRCH || code == -ENOENT)
		return missing_function(m, err);
	if (code != -EINVAL && code != -E2BIG && code != -EOPNOTSUPP)
		return skep_link_refused(err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON, m->hook);
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
		       "this kernel cannot attach a program to many functions at once by %s",
		       m->family);
	skep_error_add_hint(err,
			    "it needs Linux %s with CONFIG_FPROBE=y; a kprobe on each function "
			    "does the same, and slower",
			    is_session(m->program) ? "6.10" : "5.18");
	return -ENOTSUP;
}

static struct skep_link *attach(const struct multi *m, struct skep_error *err)
{
	struct skep_attr_link_create attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)skep_program_fd(m->program);
	attr.attach_type = skep_program_spec(m->program)->attach_type;
	attr.kprobe_multi.flags = m->opts.retprobe ? RETURN : 0;
	attr.kprobe_multi.cnt = (uint32_t)m->opts.n;
	attr.kprobe_multi.syms = SKEP_PTR(m->opts.functions);
	attr.kprobe_multi.addrs = SKEP_PTR(m->opts.addresses);
	attr.kprobe_multi.cookies = SKEP_PTR(m->opts.cookies);
	fd = skep_bpf_link_create(&attr);
	if (fd < 0) {
		refused(m, fd, err);
		return NULL;
	}
	return skep_link_new(NULL, fd, err, "%s", m->hook);
}

static int find_functions(const struct multi *m, struct skep_available_match *match,
			  struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int tracefs = skep_tracefs_open(err);
	int ret = tracefs < 0 ? tracefs : skep_available_match(match, tracefs, m->pattern, err);

	if (ret)
		return ret;
	if (!match->addresses.len && !match->names.len)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
				      "no function that can be traced matches '%s'", m->pattern);
	if (match->addresses.len > MAX_FUNCTIONS || match->names.len > MAX_FUNCTIONS)
		return skep_error_set(err, SKEP_STAGE_ATTACH, E2BIG,
				      "more than %u functions match '%s'", MAX_FUNCTIONS,
				      m->pattern);
	return 0;
}

static struct skep_link *attach_pattern(struct multi *m, struct skep_error *err)
{
	struct skep_available_match match = { 0 };
	struct skep_link *link = NULL;

	if (!find_functions(m, &match, err)) {
		m->opts.functions = match.addresses.len ? NULL : match.names.items;
		m->opts.addresses = match.addresses.items;
		m->opts.n = match.addresses.len ?: match.names.len;
		link = attach(m, err);
	}
	skep_available_match_free(&match);
	return link;
}

/* A name that matches only itself is looked up by the kernel. */
static struct skep_link *attach_any(struct multi *m, struct skep_error *err)
{
	if (m->pattern && skep_glob_is_pattern(m->pattern))
		return attach_pattern(m, err);
	if (m->pattern) {
		m->opts.functions = &m->pattern;
		m->opts.n = 1;
	}
	return attach(m, err);
}

struct skep_link *skep_program_attach_kprobe_multi(const struct skep_program *program,
						   const char *pattern,
						   const struct skep_kprobe_multi_opts *opts,
						   struct skep_error *err)
{
	struct multi m = { .program = program,
			   .pattern = pattern,
			   .opts = SKEP_OPTS(struct skep_kprobe_multi_opts, opts) };
	struct skep_link *link;

	m.opts.retprobe |= skep_link_in_section(program, "kretprobe.multi");
	m.family = is_session(program) ? "kprobe.session" :
		   m.opts.retprobe     ? "kretprobe.multi" :
					 "kprobe.multi";
	if (pattern)
		snprintf(m.hook, sizeof(m.hook), "%s %.128s", m.family, pattern);
	else
		snprintf(m.hook, sizeof(m.hook), "%s of %zu functions", m.family, m.opts.n);
	link = check(&m, err) ? NULL : attach_any(&m, err);
	return link ? link : skep_link_fail(program, err);
}
