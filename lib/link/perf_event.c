// SPDX-License-Identifier: MIT
#include "link/link.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/opts.h"
#include "kernel/bpf.h"
#include "kernel/perf.h"
#include "kernel/rights.h"

int skep_link_perf(int perf_fd, int prog_fd, uint64_t cookie)
{
	struct skep_attr_link_create attr;
	int ret = 0;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)prog_fd;
	attr.target_fd = (uint32_t)perf_fd;
	attr.attach_type = BPF_PERF_EVENT;
	attr.perf_event.bpf_cookie = cookie;
	fd = skep_bpf_link_create(&attr);
	if (fd == -EINVAL && !cookie)
		ret = skep_perf_set_bpf(perf_fd, prog_fd);
	else if (fd < 0)
		ret = fd;
	if (!ret)
		ret = skep_perf_enable(perf_fd);
	if (ret) {
		if (fd >= 0)
			close(fd);
		close(perf_fd);
		return ret;
	}
	if (fd < 0)
		return perf_fd;
	/* The link keeps the event (bpf_perf_link_attach). */
	close(perf_fd);
	return fd;
}

static int no_event(const struct skep_perf_event_opts *opts, int code, struct skep_error *err)
{
	char hook[64];

	snprintf(hook, sizeof(hook), "perf event %u:%llu", opts->type,
		 (unsigned long long)opts->config);
	if (code == -ENOENT || code == -EOPNOTSUPP || code == -ENODEV) {
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "this machine has no %s", hook);
		skep_error_add_hint(err, "virtual machines often have no hardware counters; "
					 "PERF_TYPE_SOFTWARE with PERF_COUNT_SW_CPU_CLOCK always "
					 "exists");
		return -ENOENT;
	}
	if (code == -ESRCH)
		return skep_error_set(err, SKEP_STAGE_ATTACH, code, "there is no process %d",
				      opts->pid);
	if (code == -EINVAL && opts->pid < 0 && opts->cpu < 0)
		return skep_error_set(err, SKEP_STAGE_ATTACH, code,
				      "either a process or a CPU must be given");
	return skep_link_refused(err, code, SKEP_RIGHT_PERFMON, hook);
}

struct skep_link *skep_program_attach_perf_event(const struct skep_program *program,
						 const struct skep_perf_event_opts *opts,
						 struct skep_error *err)
{
	const struct skep_perf_event_opts o = SKEP_OPTS(struct skep_perf_event_opts, opts);
	struct perf_event_attr attr = { .type = o.type, .config = o.config, .disabled = 1 };
	int fd;

	if (skep_link_check(program, BPF_PROG_TYPE_PERF_EVENT, BPF_PROG_TYPE_PERF_EVENT,
			    "a perf event", err))
		return skep_link_fail(program, err);
	if (o.frequency) {
		attr.freq = 1;
		attr.sample_freq = o.frequency;
	} else {
		attr.sample_period = o.period;
	}
	fd = skep_perf_open(&attr, o.pid, o.cpu);
	if (fd < 0) {
		no_event(&o, fd, err);
		return skep_link_fail(program, err);
	}
	fd = skep_link_perf(fd, skep_program_fd(program), o.cookie);
	if (fd < 0) {
		skep_link_refused(err, fd, SKEP_RIGHT_PERFMON, "a perf event");
		return skep_link_fail(program, err);
	}
	return skep_link_new(NULL, fd, err, "perf event %u:%llu", o.type,
			     (unsigned long long)o.config);
}
