// SPDX-License-Identifier: MIT
/* Programs of traffic control by bpf_link, without a qdisc. */
#include "link/tcx.h"

#include "base/error.h"
#include "base/opts.h"
#include "base/uapi.h"
#include "link/interface.h"
#include "link/link.h"

int skep_tc_direction(const struct skep_program *program, enum skep_direction *direction,
		      struct skep_error *err)
{
	const struct skep_program_spec *spec = skep_program_spec(program);

	if (*direction == SKEP_INGRESS || *direction == SKEP_EGRESS)
		return 0;
	if (spec->attach_type == SKEP_TCX_INGRESS || spec->attach_type == SKEP_TCX_EGRESS) {
		*direction = spec->attach_type == SKEP_TCX_INGRESS ? SKEP_INGRESS : SKEP_EGRESS;
		return 0;
	}
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
		       "nothing says whether it is for ingress or egress");
	skep_error_add_hint(err, "set the direction, or name the section \"tc/ingress\" or "
				 "\"tc/egress\"");
	return -EINVAL;
}

struct skep_link *skep_program_attach_tcx(const struct skep_program *program, const char *ifname,
					  const struct skep_tcx_opts *opts, struct skep_error *err)
{
	struct skep_tcx_opts o = SKEP_OPTS(struct skep_tcx_opts, opts);
	struct skep_ordered ordered = { .program = program, .ifname = ifname, .at = &o.at };

	if (skep_link_check(program, BPF_PROG_TYPE_SCHED_CLS, BPF_PROG_TYPE_SCHED_CLS,
			    "tcx of a network interface", err) ||
	    skep_tc_direction(program, &o.direction, err))
		return skep_link_fail(program, err);
	ordered.hook = o.direction == SKEP_INGRESS ? "tcx/ingress" : "tcx/egress";
	ordered.attach_type = o.direction == SKEP_INGRESS ? SKEP_TCX_INGRESS : SKEP_TCX_EGRESS;
	return skep_interface_attach(&ordered, err);
}
