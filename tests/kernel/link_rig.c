// SPDX-License-Identifier: MIT
#include "kernel/link_rig.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <net/if.h>

#include "base/uapi.h"
#include "kernel/bpf.h"

bool rig_load(struct rig *rig, const char *program)
{
	*rig = (struct rig){ .spec = open_fixture("link_life") };
	only_program(rig->spec, program);
	only_this_process(rig->spec);
	rig->object = skep_object_load(rig->spec, NULL, NULL);
	if (!rig->object) {
		skep_spec_free(rig->spec);
		return false;
	}
	rig->program = skep_object_program(rig->object, program);
	return true;
}

struct skep_link *sandbox_attach(const struct skep_program *program, struct skep_error *err)
{
	const struct skep_perf_event_opts faults = { .size = sizeof(faults),
						     .type = PERF_TYPE_SOFTWARE,
						     .config = PERF_COUNT_SW_PAGE_FAULTS,
						     .period = 1 };

	switch (skep_program_spec(program)->type) {
	case BPF_PROG_TYPE_CGROUP_SKB:
		return skep_program_attach_cgroup(program, sandbox_cgroup(), NULL, err);
	case BPF_PROG_TYPE_SK_LOOKUP:
		return skep_program_attach_netns(program, NULL, err);
	case BPF_PROG_TYPE_XDP:
		return skep_program_attach_xdp(program, "lo", NULL, err);
	case BPF_PROG_TYPE_PERF_EVENT:
		return skep_program_attach_perf_event(program, &faults, err);
	default:
		return skep_program_attach(program, err);
	}
}

void rig_attach(struct rig *rig)
{
	struct skep_error err = { 0 };

	rig->link = sandbox_attach(rig->program, &err);
	assert_ok(rig->link, &err);
}

bool rig_attach_by_hand(struct rig *rig, struct skep_attr_link_create *attr)
{
	struct skep_error err = { 0 };
	int fd;

	attr->prog_fd = (uint32_t)skep_program_fd(rig->program);
	fd = skep_bpf_link_create(attr);
	if (fd < 0) {
		errno = -fd;
		return false;
	}
	rig->link = skep_link_new(NULL, fd, &err, "made by hand");
	assert_ok(rig->link, &err);
	return true;
}

bool rig_has_bpf_link(const struct rig *rig)
{
	struct bpf_link_info info = { 0 };

	return !skep_bpf_info(skep_link_fd(rig->link), &info, sizeof(info));
}

void rig_free(struct rig *rig)
{
	skep_link_close(rig->link);
	skep_object_close(rig->object);
	skep_spec_free(rig->spec);
	*rig = (struct rig){ 0 };
}

uint64_t rig_hits(const struct rig *rig)
{
	return global_value(rig->object, "hits");
}

bool rig_make(struct rig *rig, const char *program)
{
	struct skep_attr_link_create attr;

	if (!rig_load(rig, program))
		return false;
	if (strcmp(program, "on_tcx")) {
		rig_attach(rig);
		return true;
	}
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = SKEP_TCX_INGRESS;
	attr.target_ifindex = if_nametoindex("lo");
	if (rig_attach_by_hand(rig, &attr))
		return true;
	rig_free(rig);
	return false;
}

static void read_iterator(const struct skep_link *link)
{
	struct skep_error err = { 0 };
	int fd = skep_link_iter_open(link, &err);
	char c;

	assert_ok(fd >= 0, &err);
	while (read(fd, &c, 1) > 0)
		;
	close(fd);
}

/* Does what makes a program run that is attached in the sandbox. */
static void fire(const struct skep_link *link, const struct rig *rig)
{
	if (skep_program_spec(rig->program)->attach_type == BPF_TRACE_ITER)
		read_iterator(link);
	call_kernel(3);
	sandbox_send();
}

bool rig_runs(const struct rig *rig, const struct skep_link *link)
{
	uint64_t before = rig_hits(rig);

	fire(link, rig);
	return rig_hits(rig) > before;
}
