// SPDX-License-Identifier: MIT
/* Attaching by what the section's name says. */
#include "link/kprobe.h"

#include <stdlib.h>
#include <string.h>

#include <skep/version.h>

#include "base/error.h"
#include "base/uapi.h"
#include "link/uprobe.h"
#include "link/usdt.h"
#include "load/object.h"

typedef struct skep_link *(*attach_fn)(const struct skep_program *program, struct skep_error *err);

static struct skep_link *by_tracepoint(const struct skep_program *program, struct skep_error *err)
{
	const char *target = skep_program_spec(program)->target;
	const char *slash = strchr(target, '/');
	char category[128];

	if (!slash || (size_t)(slash - target) >= sizeof(category)) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "'%s' does not name a tracepoint as CATEGORY/NAME", target);
		return skep_link_fail(program, err);
	}
	snprintf(category, sizeof(category), "%.*s", (int)(slash - target), target);
	return skep_program_attach_tracepoint(program, category, slash + 1, NULL, err);
}

static struct skep_link *by_raw_tracepoint(const struct skep_program *program,
					   struct skep_error *err)
{
	return skep_program_attach_raw_tracepoint(program, skep_program_spec(program)->target, NULL,
						  err);
}

static struct skep_link *by_iter(const struct skep_program *program, struct skep_error *err)
{
	return skep_program_attach_iter(program, NULL, err);
}

static struct skep_link *by_trace(const struct skep_program *program, struct skep_error *err)
{
	return skep_program_attach_trace(program, NULL, err);
}

static struct skep_link *by_freplace(const struct skep_program *program, struct skep_error *err)
{
	return skep_program_attach_freplace(program, 0, NULL, err);
}

static struct skep_link *by_ksyscall(const struct skep_program *program, struct skep_error *err)
{
	return skep_program_attach_ksyscall(program, skep_program_spec(program)->target, NULL, err);
}

static struct skep_link *by_kprobe_multi(const struct skep_program *program, struct skep_error *err)
{
	const char *target = skep_program_spec(program)->target;

	return skep_program_attach_kprobe_multi(program, target, NULL, err);
}

static struct skep_link *by_trace_multi(const struct skep_program *program, struct skep_error *err)
{
	const char *target = skep_program_spec(program)->target;

	return skep_program_attach_trace_multi(program, target, NULL, err);
}

#define BY_MULTI   "skep_program_attach_trace_multi()"
#define BY_UPROBE  "skep_program_attach_uprobe()"
#define BY_CGROUP  "skep_program_attach_cgroup()"
#define BY_NETNS   "skep_program_attach_netns()"
#define BY_SOCKMAP "skep_program_attach_sockmap()"
#define BY_LWT	   "skep_program_attach_lwt()"

/*
 * Which name says where to attach, by program type and, for types of several hooks, attach type
 * (-1: any) or section. @how tells people what to call for a name that does not say.
 */
static const struct {
	uint32_t type;
	int attach_type;
	attach_fn attach;
	const char *how;
	const char *section; /* NULL: any */
} families[] = {
	{ BPF_PROG_TYPE_KPROBE, 0, skep_kprobe_by_section, "skep_program_attach_kprobe()",
	  "kprobe" },
	{ BPF_PROG_TYPE_KPROBE, 0, skep_kprobe_by_section, "skep_program_attach_kprobe()",
	  "kretprobe" },
	{ BPF_PROG_TYPE_KPROBE, 0, by_ksyscall, "skep_program_attach_ksyscall()", "ksyscall" },
	{ BPF_PROG_TYPE_KPROBE, 0, by_ksyscall, "skep_program_attach_ksyscall()", "kretsyscall" },
	{ BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI, by_kprobe_multi,
	  "skep_program_attach_kprobe_multi()" },
	{ BPF_PROG_TYPE_KPROBE, SKEP_TRACE_KPROBE_SESSION, by_kprobe_multi,
	  "skep_program_attach_kprobe_multi()" },
	{ BPF_PROG_TYPE_KPROBE, -1, skep_usdt_by_section, "skep_program_attach_usdt()", "usdt" },
	{ BPF_PROG_TYPE_KPROBE, SKEP_TRACE_UPROBE_MULTI, skep_uprobe_multi_by_section,
	  "skep_program_attach_uprobe_multi()" },
	{ BPF_PROG_TYPE_KPROBE, SKEP_TRACE_UPROBE_SESSION, skep_uprobe_multi_by_section,
	  "skep_program_attach_uprobe_multi()" },
	{ BPF_PROG_TYPE_KPROBE, 0, skep_uprobe_by_section, BY_UPROBE, "uprobe" },
	{ BPF_PROG_TYPE_KPROBE, 0, skep_uprobe_by_section, BY_UPROBE, "uretprobe" },
	{ BPF_PROG_TYPE_TRACEPOINT, -1, by_tracepoint, "skep_program_attach_tracepoint()" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT, -1, by_raw_tracepoint,
	  "skep_program_attach_raw_tracepoint()" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, -1, by_raw_tracepoint,
	  "skep_program_attach_raw_tracepoint()" },
	{ BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, by_iter, "skep_program_attach_iter()" },
	{ BPF_PROG_TYPE_TRACING, SKEP_TRACE_FENTRY_MULTI, by_trace_multi, BY_MULTI },
	{ BPF_PROG_TYPE_TRACING, SKEP_TRACE_FEXIT_MULTI, by_trace_multi, BY_MULTI },
	{ BPF_PROG_TYPE_TRACING, SKEP_TRACE_FSESSION_MULTI, by_trace_multi, BY_MULTI },
	{ BPF_PROG_TYPE_TRACING, -1, by_trace, "skep_program_attach_trace()" },
	{ BPF_PROG_TYPE_LSM, BPF_LSM_MAC, by_trace, "skep_program_attach_trace()" },
	{ BPF_PROG_TYPE_EXT, -1, by_freplace, "skep_program_attach_freplace()" },
	{ BPF_PROG_TYPE_PERF_EVENT, -1, NULL, "skep_program_attach_perf_event()" },
	{ BPF_PROG_TYPE_XDP, -1, NULL, "skep_program_attach_xdp()" },
	{ BPF_PROG_TYPE_SCHED_CLS, SKEP_NETKIT_PRIMARY, NULL, "skep_program_attach_netkit()" },
	{ BPF_PROG_TYPE_SCHED_CLS, SKEP_NETKIT_PEER, NULL, "skep_program_attach_netkit()" },
	{ BPF_PROG_TYPE_SCHED_CLS, -1, NULL, "skep_program_attach_tc()" },
	{ BPF_PROG_TYPE_LSM, BPF_LSM_CGROUP, NULL, BY_CGROUP },
	{ BPF_PROG_TYPE_CGROUP_SKB, -1, NULL, BY_CGROUP },
	{ BPF_PROG_TYPE_CGROUP_SOCK, -1, NULL, BY_CGROUP },
	{ BPF_PROG_TYPE_CGROUP_SOCK_ADDR, -1, NULL, BY_CGROUP },
	{ BPF_PROG_TYPE_CGROUP_SOCKOPT, -1, NULL, BY_CGROUP },
	{ BPF_PROG_TYPE_CGROUP_SYSCTL, -1, NULL, BY_CGROUP },
	{ BPF_PROG_TYPE_CGROUP_DEVICE, -1, NULL, BY_CGROUP },
	{ BPF_PROG_TYPE_SOCK_OPS, -1, NULL, BY_CGROUP },
	{ BPF_PROG_TYPE_SK_LOOKUP, -1, NULL, BY_NETNS },
	{ BPF_PROG_TYPE_FLOW_DISSECTOR, -1, NULL, BY_NETNS },
	{ SKEP_PROG_TYPE_NETFILTER, -1, NULL, "skep_program_attach_netfilter()" },
	{ BPF_PROG_TYPE_SCHED_ACT, -1, NULL, "skep_program_attach_tc()" },
	{ BPF_PROG_TYPE_SK_MSG, -1, NULL, BY_SOCKMAP },
	{ BPF_PROG_TYPE_SK_SKB, -1, NULL, BY_SOCKMAP },
	{ BPF_PROG_TYPE_SOCKET_FILTER, -1, NULL, "skep_program_attach_socket()" },
	{ BPF_PROG_TYPE_SK_REUSEPORT, -1, NULL, "skep_program_attach_reuseport()" },
	{ BPF_PROG_TYPE_LWT_IN, -1, NULL, BY_LWT },
	{ BPF_PROG_TYPE_LWT_OUT, -1, NULL, BY_LWT },
	{ BPF_PROG_TYPE_LWT_XMIT, -1, NULL, BY_LWT },
	{ BPF_PROG_TYPE_LWT_SEG6LOCAL, -1, NULL, BY_LWT },
	{ BPF_PROG_TYPE_LIRC_MODE2, -1, NULL, "skep_program_attach_lirc()" },
	{ BPF_PROG_TYPE_STRUCT_OPS, -1, NULL,
	  "skep_map_attach_struct_ops() for the variable that names it" },
};

static size_t family_of(const struct skep_program *program)
{
	const struct skep_program_spec *spec = skep_program_spec(program);
	size_t n = sizeof(families) / sizeof(families[0]);

	for (size_t i = 0; i < n; i++)
		if (families[i].type == spec->type &&
		    (families[i].attach_type < 0 ||
		     (uint32_t)families[i].attach_type == spec->attach_type) &&
		    (!families[i].section || skep_link_in_section(program, families[i].section)))
			return i;
	return n;
}

/* NULL when the section's name does not say where to. */
static attach_fn find_attach(const struct skep_program *program)
{
	size_t i = family_of(program);

	if (i == sizeof(families) / sizeof(families[0]) || !skep_program_spec(program)->target)
		return NULL;
	return families[i].attach;
}

struct skep_link *skep_program_attach(const struct skep_program *program, struct skep_error *err)
{
	attach_fn attach = program ? find_attach(program) : NULL;
	size_t i;

	if (!program)
		return skep_error_null_ptr(err, SKEP_STAGE_ATTACH, "program");
	i = family_of(program);
	if (attach)
		return attach(program, err);
	if (i < sizeof(families) / sizeof(families[0])) {
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
			       "its section's name does not say what to attach it to");
		skep_error_add_hint(err, "use %s", families[i].how);
	} else {
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
			       "libskep %s cannot attach programs of its kind", SKEP_VERSION);
	}
	return skep_link_fail(program, err);
}

void skep_object_detach(struct skep_object *object)
{
	for (size_t i = 0; object && i < object->n_programs; i++) {
		skep_link_close(object->programs[i].link);
		object->programs[i].link = NULL;
	}
	for (size_t i = 0; object && i < object->n_maps; i++) {
		skep_link_close(object->maps[i].link);
		object->maps[i].link = NULL;
	}
}

/* 1: attached, 0: nothing to do, or -errno, kept with the program. */
static int attach_one(struct skep_program *program, struct skep_error *err)
{
	attach_fn attach = find_attach(program);

	if (program->link)
		return 1;
	if (program->fd < 0 || !program->spec->attach || !attach)
		return 0;
	program->link = attach(program, err);
	if (program->link)
		return 1;
	free(program->error);
	program->error = skep_error_keep(err);
	return -err->code;
}

/* The same of a struct_ops variable. */
static int attach_map(struct skep_map *map, struct skep_error *err)
{
	if (map->link)
		return 1;
	if (map->fd < 0 || !map->ops || !map->spec->attach)
		return 0;
	map->link = skep_map_attach_struct_ops(map, err);
	if (map->link)
		return 1;
	free(map->error);
	map->error = skep_error_keep(err);
	return -err->code;
}

/* How attaching all of an object goes. */
struct tally {
	int attached;
	struct skep_error first; /* that failed */
};

static void count(struct tally *tally, int ret, const struct skep_error *err)
{
	tally->attached += ret > 0;
	if (ret < 0 && !tally->first.code)
		tally->first = *err;
}

static void attach_all(struct skep_object *object, struct tally *tally)
{
	size_t n = object->n_programs + object->n_maps;

	for (size_t i = 0; i < n && !(tally->first.code && object->opts.strict); i++) {
		struct skep_error own = { 0 };
		int ret = i < object->n_programs ?
				  attach_one(&object->programs[i], &own) :
				  attach_map(&object->maps[i - object->n_programs], &own);

		count(tally, ret, &own);
	}
}

int skep_object_attach(struct skep_object *object, struct skep_error *err)
{
	struct tally tally = { 0 };

	if (!object)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "object");
	object->detach = skep_object_detach;
	attach_all(object, &tally);
	if (!tally.first.code || (tally.attached && !object->opts.strict))
		return tally.attached;
	if (object->opts.strict)
		skep_object_detach(object);
	if (err)
		*err = tally.first;
	return -tally.first.code;
}
