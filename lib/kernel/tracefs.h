/* SPDX-License-Identifier: MIT */
/*
 * tracefs, where the kernel lists its tracepoints. It is used where it is mounted; where it is
 * not, a mount that is attached to no directory is opened (fsopen, 5.2; needs CAP_SYS_ADMIN), so
 * that nothing is left behind and no other process sees it.
 */
#ifndef SKEP_KERNEL_TRACEFS_H
#define SKEP_KERNEL_TRACEFS_H

#include <stdint.h>
#include <skep/error.h>

/* An fd of tracefs's root directory, or -errno. */
int skep_tracefs_open(struct skep_error *err);

/*
 * The id of tracepoint @category/@name, for perf_event_attr.config. -ENOENT when the kernel has no
 * such tracepoint, -EINVAL for what cannot be a name.
 */
int64_t skep_tracefs_event_id(const char *category, const char *name, struct skep_error *err);

#endif
