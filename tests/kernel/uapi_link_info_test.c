// SPDX-License-Identifier: MIT
/* What the kernel tells of links, as skep declares it and as the running kernel has it. */
#include "kernel/uapi_fields.h"

#include "kernel/uapi_info.h"

/* Where a member of skep's struct lies, and its path in the kernel's union bpf_attr. */
#define TOLD(member)	  FIELD(struct skep_raw_link_info, member, #member)
#define TOLD_AS(as, path) FIELD(struct skep_raw_link_info, as, path)

static const struct field link_fields[] = {
	TOLD(type),
	TOLD(id),
	TOLD(prog_id),
	TOLD(raw_tracepoint.tp_name),
	TOLD(raw_tracepoint.tp_name_len),
	TOLD(raw_tracepoint.cookie),
	TOLD(tracing.attach_type),
	TOLD(tracing.target_obj_id),
	TOLD(tracing.target_btf_id),
	TOLD(tracing.cookie),
	TOLD(cgroup.cgroup_id),
	TOLD(cgroup.attach_type),
	TOLD(iter.target_name),
	TOLD(iter.target_name_len),
	TOLD_AS(iter.map_id, "iter.map.map_id"),
	TOLD(iter.cgroup.cgroup_id),
	TOLD(iter.cgroup.order),
	TOLD(iter.task.tid),
	TOLD(iter.task.pid),
	TOLD(netns.netns_ino),
	TOLD(netns.attach_type),
	TOLD_AS(device.ifindex, "xdp.ifindex"),
	TOLD_AS(device.ifindex, "tcx.ifindex"),
	TOLD_AS(device.attach_type, "tcx.attach_type"),
	TOLD_AS(device.ifindex, "netkit.ifindex"),
	TOLD_AS(device.attach_type, "netkit.attach_type"),
	TOLD_AS(map.map_id, "struct_ops.map_id"),
	TOLD_AS(map.map_id, "sockmap.map_id"),
	TOLD_AS(map.attach_type, "sockmap.attach_type"),
	TOLD(netfilter.pf),
	TOLD(netfilter.hooknum),
	TOLD(netfilter.priority),
	TOLD(netfilter.flags),
	TOLD(kprobe_multi.addrs),
	TOLD(kprobe_multi.count),
	TOLD(kprobe_multi.flags),
	TOLD(kprobe_multi.missed),
	TOLD(kprobe_multi.cookies),
	TOLD(uprobe_multi.path),
	TOLD(uprobe_multi.offsets),
	TOLD(uprobe_multi.ref_ctr_offsets),
	TOLD(uprobe_multi.cookies),
	TOLD(uprobe_multi.path_size),
	TOLD(uprobe_multi.count),
	TOLD(uprobe_multi.flags),
	TOLD(uprobe_multi.pid),
	TOLD(tracing_multi.attach_type),
	TOLD(tracing_multi.count),
	TOLD(tracing_multi.btf_obj_id),
	TOLD(tracing_multi.ids),
	TOLD(tracing_multi.addrs),
	TOLD(tracing_multi.cookies),
	TOLD(perf_event.type),
	TOLD(perf_event.uprobe.file_name),
	TOLD(perf_event.uprobe.name_len),
	TOLD(perf_event.uprobe.offset),
	TOLD(perf_event.uprobe.cookie),
	TOLD(perf_event.uprobe.ref_ctr_offset),
	TOLD(perf_event.kprobe.func_name),
	TOLD(perf_event.kprobe.name_len),
	TOLD(perf_event.kprobe.offset),
	TOLD(perf_event.kprobe.addr),
	TOLD(perf_event.kprobe.missed),
	TOLD(perf_event.kprobe.cookie),
	TOLD(perf_event.tracepoint.tp_name),
	TOLD(perf_event.tracepoint.name_len),
	TOLD(perf_event.tracepoint.cookie),
	TOLD(perf_event.event.config),
	TOLD(perf_event.event.type),
	TOLD(perf_event.event.cookie),
};

static void link_info_is_laid_out_as_the_kernel_has_it(void **state)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);

	(void)state;
	NEED(btf, "the kernel has no BTF");
	/* 5.10 has the fewest. */
	assert_true(compare_fields(btf, skep_btf_find(btf, "bpf_link_info", BTF_KIND_STRUCT),
				   link_fields, COUNT(link_fields)) > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(link_info_is_laid_out_as_the_kernel_has_it),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
