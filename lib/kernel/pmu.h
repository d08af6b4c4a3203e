/* SPDX-License-Identifier: MIT */
/*
 * Sources of perf events that have no fixed number, /sys/bus/event_source/devices: kprobe, uprobe,
 * hardware of its own.
 */
#ifndef SKEP_KERNEL_PMU_H
#define SKEP_KERNEL_PMU_H

/* perf_event_attr.type of the source @name; -ENOENT when the kernel has none of this name. */
int skep_pmu_type(const char *name);

/*
 * The bit of perf_event_attr.config that @field begins at ("retprobe" of kprobe and uprobe).
 * -ENOENT when there is no such field, -EINVAL when it is not in config.
 */
int skep_pmu_config_bit(const char *name, const char *field);

#endif
