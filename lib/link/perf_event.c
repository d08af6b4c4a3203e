// SPDX-License-Identifier: MIT
/* A program that runs whenever a counter, a clock or a watched address says so. */
#include "link/link.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "kernel/cpus.h"
#include "kernel/perf.h"
#include "kernel/pmu.h"
#include "kernel/rights.h"

/* What was asked for, and what the kernel is asked for. */
struct event {
	const struct skep_program *program;
	struct skep_perf_event_opts opts;
	struct perf_event_attr attr;
	int cgroup; /* -1: none */
	char hook[96];
};

static int check(const struct event *e, struct skep_error *err)
{
	const struct skep_perf_event_opts *o = &e->opts;
	int ret = skep_link_check(e->program, BPF_PROG_TYPE_PERF_EVENT, BPF_PROG_TYPE_PERF_EVENT,
				  "a perf event", err);

	if (ret)
		return ret;
	if (!o->pmu && o->type == PERF_TYPE_TRACEPOINT) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "the kernel runs programs of another type on tracepoints");
		skep_error_add_hint(err, "name its section tp/CATEGORY/NAME");
		return -EINVAL;
	}
	if (o->frequency && o->period)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "it takes either a frequency or a period");
	if (!o->frequency && !o->period && o->type != PERF_TYPE_BREAKPOINT) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "neither frequency nor period are given, so it would never run");
		skep_error_add_hint(err, "frequency is in samples a second, period in events");
		return -EINVAL;
	}
	return 0;
}

/* -ENOENT for an event source that the machine does not have. */
static int describe(struct event *e, struct skep_error *err)
{
	const struct skep_perf_event_opts *o = &e->opts;
	int type = o->pmu ? skep_pmu_type(o->pmu) : (int)o->type;

	e->attr = (struct perf_event_attr){ .type = (uint32_t)type,
					    .config = o->config,
					    .config1 = o->config1,
					    .config2 = o->config2,
					    .inherit = o->inherit,
					    .disabled = 1 };
	if (o->pmu)
		snprintf(e->hook, sizeof(e->hook), "perf event %.32s:%llu", o->pmu,
			 (unsigned long long)o->config);
	else if (o->type == PERF_TYPE_BREAKPOINT)
		snprintf(e->hook, sizeof(e->hook), "breakpoint 0x%llx",
			 (unsigned long long)o->bp_addr);
	else
		snprintf(e->hook, sizeof(e->hook), "perf event %u:%llu", o->type,
			 (unsigned long long)o->config);
	if (o->frequency) {
		e->attr.freq = 1;
		e->attr.sample_freq = o->frequency;
	} else {
		e->attr.sample_period = o->period ? o->period : 1;
	}
	if (!o->pmu && o->type == PERF_TYPE_BREAKPOINT) {
		e->attr.bp_type = o->bp_type;
		e->attr.bp_addr = o->bp_addr;
		e->attr.bp_len = o->bp_len;
	}
	if (type >= 0)
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "this machine has no event source '%s'",
		       o->pmu);
	skep_error_add_hint(err, "those that it has are in /sys/bus/event_source/devices");
	return -ENOENT;
}

static int open_cgroup(struct event *e, struct skep_error *err)
{
	if (!e->opts.cgroup)
		return 0;
	e->cgroup = open(e->opts.cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (e->cgroup >= 0)
		return 0;
	return skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno, "cgroup %s cannot be opened",
				    e->opts.cgroup);
}

static int no_breakpoint(const struct event *e, int code, struct skep_error *err)
{
	if (code == -ENOSPC) {
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOSPC,
			       "all hardware breakpoints are in use");
		skep_error_add_hint(err, "a CPU has a few, four on x86, which debuggers use too");
		return -ENOSPC;
	}
	skep_error_set(err, SKEP_STAGE_ATTACH, -code,
		       "this machine cannot watch %llu bytes at 0x%llx in this way",
		       (unsigned long long)e->opts.bp_len, (unsigned long long)e->opts.bp_addr);
	skep_error_add_hint(err, "most can watch 1, 2, 4 or 8 bytes at an address that is a "
				 "multiple of it; HW_BREAKPOINT_X takes sizeof(long)");
	return code;
}

/* ENOENT: in version 2 the controller comes with the first that is enabled below the root. */
static int no_cgroup(const struct event *e, int code, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, -code,
		       "%s is no cgroup with the controller perf_event", e->opts.cgroup);
	skep_error_add_hint(err,
			    "it is there in a cgroup of version 2 once the cgroup above has any "
			    "controller in cgroup.subtree_control");
	return code;
}

static bool is_no_cpu(int cpu)
{
	struct skep_cpus cpus;

	return cpu < 0 || (!skep_cpus_possible(&cpus, NULL) && (uint32_t)cpu >= cpus.ids);
}

static int no_event(const struct event *e, int code, struct skep_error *err)
{
	const struct skep_perf_event_opts *o = &e->opts;

	if (code == -ESRCH)
		return skep_error_set(err, SKEP_STAGE_ATTACH, code, "there is no process %d",
				      o->pid);
	if (o->one_cpu && is_no_cpu(o->cpu))
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "there is no CPU %d", o->cpu);
	if (o->cgroup && (code == -EBADF || code == -ENOENT))
		return no_cgroup(e, code, err);
	if (e->attr.type == PERF_TYPE_BREAKPOINT && code != -EPERM && code != -EACCES)
		return no_breakpoint(e, code, err);
	if (code != -ENOENT && code != -EOPNOTSUPP && code != -ENODEV)
		return skep_link_refused(err, code, SKEP_RIGHT_PERFMON, e->hook);
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "this machine has no %s", e->hook);
	skep_error_add_hint(err, "virtual machines often have no hardware counters; "
				 "PERF_TYPE_SOFTWARE with PERF_COUNT_SW_CPU_CLOCK always exists");
	return -ENOENT;
}

/* One more event for the link. -ENODEV, without a word: one of all CPUs is offline. */
static int add_event(const struct event *e, int cpu, bool is_one, struct skep_link *link,
		     struct skep_error *err)
{
	struct perf_event_attr attr = e->attr;
	int fd = e->cgroup >= 0 ? skep_perf_open_cgroup(&attr, e->cgroup, cpu) :
				  skep_perf_open(&attr, e->opts.pid, cpu);

	if (fd == -ENODEV && !is_one)
		return fd;
	if (fd < 0)
		return no_event(e, fd, err);
	fd = skep_link_perf(fd, skep_program_fd(e->program), e->opts.cookie);
	if (fd == -EINVAL && e->opts.cookie)
		return skep_link_no_cookies(e->hook, "5.15", err);
	if (fd < 0)
		return skep_link_refused(err, fd, SKEP_RIGHT_PERFMON, e->hook);
	return skep_link_add_fd(link, fd, err);
}

/* CPUs that are offline have no events, and get none when they come. */
static int add_all_cpus(const struct event *e, struct skep_link *link, struct skep_error *err)
{
	struct skep_cpus cpus;
	int ret = skep_cpus_possible(&cpus, err);

	for (uint32_t cpu = 0; !ret && cpu < cpus.ids; cpu++) {
		ret = add_event(e, (int)cpu, false, link, err);
		if (ret == -ENODEV)
			ret = 0;
	}
	return ret || link->n_fds ? ret : no_event(e, -ENODEV, err);
}

static int attach(struct event *e, struct skep_link **link, struct skep_error *err)
{
	const struct skep_perf_event_opts *o = &e->opts;
	int ret = check(e, err) ?: describe(e, err) ?: open_cgroup(e, err);

	if (ret)
		return ret;
	*link = skep_link_new(NULL, -1, err, "%s", e->hook);
	if (!*link)
		return -ENOMEM;
	if (o->one_cpu)
		return add_event(e, o->cpu, true, *link, err);
	/* An event of a thread goes with it; the kernel has others for each CPU only. */
	return o->cgroup || o->pid < 0 ? add_all_cpus(e, *link, err) :
					 add_event(e, -1, true, *link, err);
}

struct skep_link *skep_program_attach_perf_event(const struct skep_program *program,
						 const struct skep_perf_event_opts *opts,
						 struct skep_error *err)
{
	struct event e = { .program = program,
			   .opts = SKEP_OPTS(struct skep_perf_event_opts, opts),
			   .cgroup = -1 };
	struct skep_link *link = NULL;
	int ret = attach(&e, &link, err);

	skep_scoped_fd(&e.cgroup);
	if (!ret)
		return link;
	skep_link_close(link);
	return skep_link_fail(program, err);
}
