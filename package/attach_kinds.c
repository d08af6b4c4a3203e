// SPDX-License-Identifier: MIT
/* How a program is attached to each kind of place. */
#include "package/attach_kinds.h"

#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "kernel/uapi.h"
#include "package/attach_perf.h"
#include "package/attach_place.h"

/* The interface's name: as given, or by the number that the package has. */
static bool interface(const struct skep_placement *place, char name[SKEP_PLACE_WORD],
		      const char **rest, struct skep_error *err)
{
	*rest = NULL;
	if (place->value)
		return skep_place_cut(place->value, name, rest) ||
		       skep_place_wrong(err, place, "give an interface");
	if (if_indextoname(place->of->ifindex, name))
		return true;
	skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno,
			     "the package names interface %u, which cannot be found",
			     place->of->ifindex);
	skep_error_add_hint(err, "name another: --attach %s:%s=INTERFACE", place->program,
			    place->kind->name);
	return false;
}

static struct skep_link *attach_xdp(const struct skep_program *program,
				    const struct skep_placement *place, struct skep_object *object,
				    struct skep_error *err)
{
	static const char *const modes[] = { "auto", "generic", "native", "offload" };
	struct skep_xdp_opts opts = { .size = sizeof(opts) };
	char name[SKEP_PLACE_WORD];
	const char *mode;
	size_t i = 0;

	(void)object;
	if (!interface(place, name, &mode, err))
		return NULL;
	while (mode && i < 4 && strcmp(mode, modes[i]))
		i++;
	if (i == 4)
		return skep_place_wrong(err, place,
					"after the colon stands generic, native or offload");
	opts.mode = (enum skep_xdp_mode)i;
	if (!place->value && place->of->flags & XDP_FLAGS_SKB_MODE)
		opts.mode = SKEP_XDP_GENERIC;
	else if (!place->value && place->of->flags & XDP_FLAGS_DRV_MODE)
		opts.mode = SKEP_XDP_NATIVE;
	else if (!place->value && place->of->flags & XDP_FLAGS_HW_MODE)
		opts.mode = SKEP_XDP_OFFLOAD;
	return skep_program_attach_xdp(program, name, &opts, err);
}

static bool direction(const struct skep_placement *place, const char *word,
		      enum skep_direction *where)
{
	const char *said = word ? word : place->of ? place->of->tc_point : NULL;

	*where = SKEP_DIRECTION_OF_PROGRAM;
	if (!said)
		return true;
	if (!strcmp(said, "ingress") || !strcmp(said, "BPF_TC_INGRESS"))
		*where = SKEP_INGRESS;
	else if (!strcmp(said, "egress") || !strcmp(said, "BPF_TC_EGRESS"))
		*where = SKEP_EGRESS;
	return *where != SKEP_DIRECTION_OF_PROGRAM;
}

static struct skep_link *attach_tc(const struct skep_program *program,
				   const struct skep_placement *place, struct skep_object *object,
				   struct skep_error *err)
{
	struct skep_tc_opts opts = { .size = sizeof(opts) };
	char name[SKEP_PLACE_WORD];
	const char *where;

	(void)object;
	if (!interface(place, name, &where, err))
		return NULL;
	if (!direction(place, where, &opts.direction))
		return skep_place_wrong(err, place, "after the colon stands ingress or egress");
	if (place->of) {
		opts.handle = place->of->handle;
		opts.priority = (uint16_t)place->of->priority;
	}
	return skep_program_attach_tc(program, name, &opts, err);
}

static struct skep_link *attach_tcx(const struct skep_program *program,
				    const struct skep_placement *place, struct skep_object *object,
				    struct skep_error *err)
{
	struct skep_tcx_opts opts = { .size = sizeof(opts) };
	char name[SKEP_PLACE_WORD];
	const char *where;

	(void)object;
	if (!interface(place, name, &where, err))
		return NULL;
	if (!direction(place, where, &opts.direction))
		return skep_place_wrong(err, place, "after the colon stands ingress or egress");
	return skep_program_attach_tcx(program, name, &opts, err);
}

static struct skep_link *attach_netkit(const struct skep_program *program,
				       const struct skep_placement *place,
				       struct skep_object *object, struct skep_error *err)
{
	struct skep_netkit_opts opts = { .size = sizeof(opts) };
	char name[SKEP_PLACE_WORD];
	const char *end;

	(void)object;
	if (!interface(place, name, &end, err))
		return NULL;
	opts.primary = end && !strcmp(end, "primary");
	opts.peer = end && !strcmp(end, "peer");
	if (end && !opts.primary && !opts.peer)
		return skep_place_wrong(err, place, "after the colon stands primary or peer");
	return skep_program_attach_netkit(program, name, &opts, err);
}

static struct skep_link *attach_cgroup(const struct skep_program *program,
				       const struct skep_placement *place,
				       struct skep_object *object, struct skep_error *err)
{
	(void)object;
	return skep_program_attach_cgroup(program, place->value, NULL, err);
}

static struct skep_link *attach_netns(const struct skep_program *program,
				      const struct skep_placement *place,
				      struct skep_object *object, struct skep_error *err)
{
	(void)object;
	return skep_program_attach_netns(program,
					 strcmp(place->value, "self") ? place->value : NULL, err);
}

static struct skep_link *attach_sockmap(const struct skep_program *program,
					const struct skep_placement *place,
					struct skep_object *object, struct skep_error *err)
{
	const struct skep_map *map = skep_object_map(object, place->value);

	return map ? skep_program_attach_sockmap(program, map, err) :
		     skep_place_wrong(err, place, "give the name of a map of the program");
}

/* "map:NAME", "cgroup:PATH", "tid:N", or a pid. */
static struct skep_link *attach_iter(const struct skep_program *program,
				     const struct skep_placement *place, struct skep_object *object,
				     struct skep_error *err)
{
	struct skep_iter_opts opts = { .size = sizeof(opts), .pid = place->pid };
	const char *v = place->value;

	if (v && !strncmp(v, "map:", 4))
		opts.map = skep_object_map(object, v + 4);
	else if (v && !strncmp(v, "cgroup:", 7))
		opts.cgroup = v + 7;
	else if (v && !strncmp(v, "tid:", 4))
		opts.tid = atoi(v + 4);
	if (v && !opts.map && !opts.cgroup && opts.tid <= 0)
		return skep_place_wrong(err, place, "give map:NAME, cgroup:PATH or tid:NUMBER");
	return skep_program_attach_iter(program, &opts, err);
}

static bool has_prefix(const struct skep_program_spec *program, const char *a, const char *b)
{
	const char *section = program->section + (program->section[0] == '?');

	return !strncmp(section, a, strlen(a)) || !strncmp(section, b, strlen(b));
}

static bool is_xdp(const struct skep_program_spec *p)
{
	return p->type == BPF_PROG_TYPE_XDP;
}

static bool is_tc(const struct skep_program_spec *p)
{
	return p->type == BPF_PROG_TYPE_SCHED_CLS && !has_prefix(p, "netkit", "netkit");
}

static bool is_netkit(const struct skep_program_spec *p)
{
	return p->type == BPF_PROG_TYPE_SCHED_CLS && has_prefix(p, "netkit", "netkit");
}

static bool is_cgroup(const struct skep_program_spec *p)
{
	switch (p->type) {
	case BPF_PROG_TYPE_CGROUP_SKB:
	case BPF_PROG_TYPE_CGROUP_SOCK:
	case BPF_PROG_TYPE_CGROUP_SOCK_ADDR:
	case BPF_PROG_TYPE_CGROUP_SOCKOPT:
	case BPF_PROG_TYPE_CGROUP_SYSCTL:
	case BPF_PROG_TYPE_CGROUP_DEVICE:
	case BPF_PROG_TYPE_SOCK_OPS:
		return true;
	default:
		return has_prefix(p, "lsm_cgroup", "lsm_cgroup");
	}
}

static bool is_netns(const struct skep_program_spec *p)
{
	return p->type == BPF_PROG_TYPE_SK_LOOKUP || p->type == BPF_PROG_TYPE_FLOW_DISSECTOR;
}

static bool is_uprobe(const struct skep_program_spec *p)
{
	return has_prefix(p, "uprobe", "uretprobe");
}

static bool is_usdt(const struct skep_program_spec *p)
{
	return has_prefix(p, "usdt", "usdt");
}

static bool is_kprobe(const struct skep_program_spec *p)
{
	return has_prefix(p, "kprobe", "kretprobe");
}

static bool is_tracepoint(const struct skep_program_spec *p)
{
	return p->type == BPF_PROG_TYPE_TRACEPOINT;
}

static bool is_raw(const struct skep_program_spec *p)
{
	return p->type == BPF_PROG_TYPE_RAW_TRACEPOINT ||
	       p->type == BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE;
}

static bool is_perf(const struct skep_program_spec *p)
{
	return p->type == BPF_PROG_TYPE_PERF_EVENT;
}

static bool is_sockmap(const struct skep_program_spec *p)
{
	return p->type == BPF_PROG_TYPE_SK_SKB || p->type == BPF_PROG_TYPE_SK_MSG;
}

static bool is_iter(const struct skep_program_spec *p)
{
	return p->attach_type == BPF_TRACE_ITER;
}

const struct skep_attach_kind skep_attach_kinds[] = {
	{ "xdp", "INTERFACE[:generic|native|offload]", false, is_xdp, attach_xdp },
	{ "tc", "INTERFACE[:ingress|egress]", false, is_tc, attach_tc },
	{ "tcx", "INTERFACE[:ingress|egress]", false, is_tc, attach_tcx },
	{ "netkit", "INTERFACE[:primary|peer]", false, is_netkit, attach_netkit },
	{ "cgroup", "FOLDER", false, is_cgroup, attach_cgroup },
	{ "netns", "FILE|self", false, is_netns, attach_netns },
	{ "uprobe", "FILE:FUNCTION", true, is_uprobe, skep_attach_uprobe },
	{ "usdt", "FILE:PROVIDER:NAME", true, is_usdt, skep_attach_usdt },
	{ "kprobe", "FUNCTION", false, is_kprobe, skep_attach_kprobe },
	{ "tracepoint", "CATEGORY:NAME", false, is_tracepoint, skep_attach_tracepoint },
	{ "raw_tp", "NAME", false, is_raw, skep_attach_raw },
	{ "perf", "EVENT[@FREQUENCY]", true, is_perf, skep_attach_perf },
	{ "sockmap", "MAP", false, is_sockmap, attach_sockmap },
	{ "iter", "map:NAME|cgroup:FOLDER|tid:NUMBER", true, is_iter, attach_iter },
	{ NULL },
};
