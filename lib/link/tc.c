// SPDX-License-Identifier: MIT
/* Programs of traffic control: by tcx, or as filters where the kernel or the caller wants it. */
#include "base/error.h"
#include "base/opts.h"
#include "link/anchor.h"
#include "link/clsact.h"
#include "link/link.h"
#include "link/tcx.h"

static bool wants_filter(const struct skep_program *program, const struct skep_tc_opts *opts)
{
	return skep_program_spec(program)->type == BPF_PROG_TYPE_SCHED_ACT || opts->classic ||
	       opts->handle || opts->priority || opts->replace || opts->parent;
}

static struct skep_link *attach_tcx(const struct skep_program *program, const char *ifname,
				    const struct skep_tc_opts *opts, struct skep_error *err)
{
	const struct skep_tcx_opts tcx = { .size = sizeof(tcx),
					   .direction = opts->direction,
					   .at = opts->at };

	return skep_program_attach_tcx(program, ifname, &tcx, err);
}

struct skep_link *skep_program_attach_tc(const struct skep_program *program, const char *ifname,
					 const struct skep_tc_opts *opts, struct skep_error *err)
{
	struct skep_tc_opts o = SKEP_OPTS(struct skep_tc_opts, opts);
	struct skep_error own = { 0 };
	struct skep_link *link;

	if (skep_link_check(program, BPF_PROG_TYPE_SCHED_CLS, BPF_PROG_TYPE_SCHED_ACT,
			    "traffic control of a network interface", err) ||
	    (!o.parent && skep_tc_direction(program, &o.direction, err)))
		return skep_link_fail(program, err);
	if (wants_filter(program, &o) && skep_anchor_is_asked(&o.at)) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "filters are ordered by their priority alone");
		return skep_link_fail(program, err);
	}
	if (wants_filter(program, &o))
		return skep_clsact_attach(program, ifname, &o, err);
	link = attach_tcx(program, ifname, &o, &own);
	if (link)
		return link;
	if (own.code == ENOTSUP && !skep_anchor_is_asked(&o.at))
		return skep_clsact_attach(program, ifname, &o, err);
	if (err)
		*err = own;
	return NULL;
}
