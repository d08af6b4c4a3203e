// SPDX-License-Identifier: MIT
/* Why the kernel does not probe a place of a file. */
#include "base/error.h"
#include "kernel/rights.h"
#include "kernel/uapi.h"
#include "link/uprobe.h"

static int no_instruction(const struct skep_uprobe *uprobe, const struct skep_uprobe_point *point,
			  struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
		       "the kernel cannot probe the instruction at offset 0x%llx of '%s'",
		       (unsigned long long)point->offset, uprobe->binary->label);
	skep_error_add_hint(err, "either it is one of the few that cannot be probed, or the offset "
				 "is in the middle of an instruction: objdump -d shows them");
	return -ENOTSUP;
}

static int not_this_way(const struct skep_uprobe *uprobe, const struct skep_uprobe_point *point,
			struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
		       "the kernel does not take offset 0x%llx of "
		       "'%s'",
		       (unsigned long long)point->offset, uprobe->binary->label);
	if (point->ref_ctr)
		skep_error_add_hint(err,
				    "offset 0x%llx may be no counter, or others probe this "
				    "place with another counter or none",
				    (unsigned long long)point->ref_ctr);
	return -EINVAL;
}

int skep_uprobe_refused(const struct skep_uprobe *uprobe, const struct skep_uprobe_point *point,
			int code, struct skep_error *err)
{
	switch (code) {
	case -ESRCH:
		return skep_error_set(err, SKEP_STAGE_ATTACH, ESRCH, "there is no process %d",
				      uprobe->pid);
	case -EOPNOTSUPP:
	case -SKEP_ENOTSUPP:
	case -EILSEQ:
		return no_instruction(uprobe, point, err);
	case -EINVAL:
		return not_this_way(uprobe, point, err);
	case -EIO:
		return skep_error_set(err, SKEP_STAGE_ATTACH, EIO,
				      "the file system of '%s' does not let its files be probed",
				      uprobe->binary->label);
	case -EMFILE:
		skep_error_set(err, SKEP_STAGE_ATTACH, EMFILE,
			       "%zu probes need as many files, which are more than this process "
			       "may have open",
			       uprobe->n);
		skep_error_add_hint(err, "raise the limit (ulimit -n), or probe less; kernels "
					 "with uprobe.multi (6.6) need one");
		return -EMFILE;
	default:
		return skep_link_refused(err, code, SKEP_RIGHT_PERFMON, uprobe->hook);
	}
}
