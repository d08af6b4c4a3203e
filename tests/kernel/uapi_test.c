// SPDX-License-Identifier: MIT
/* The layouts of bpf(2), as skep declares them and as the running kernel has them. */
#include "kernel/uapi_fields.h"

#include "kernel/uapi_info.h"

#define MAP(member)   FIELD(struct skep_attr_map_create, member, #member)
#define ELEM(member)  FIELD(struct skep_attr_map_elem, member, #member)
#define MANY(member)  FIELD(struct skep_attr_map_batch, member, "batch." #member)
#define PROG(member)  FIELD(struct skep_attr_prog_load, member, #member)
#define BTF(member)   FIELD(struct skep_attr_btf_load, member, #member)
#define TEST(member)  FIELD(struct skep_attr_test_run, member, "test." #member)
#define ID(member)    FIELD(struct skep_attr_id, member, #member)
#define INFO(member)  FIELD(struct skep_attr_info, member, "info." #member)
#define OBJ(member)   FIELD(struct skep_attr_obj, member, #member)
#define RAW(member)   FIELD(struct skep_attr_raw_tracepoint, member, "raw_tracepoint." #member)
#define LINK(member)  FIELD(struct skep_attr_link_create, member, "link_create." #member)
#define HOOK(member)  FIELD(struct skep_attr_prog_attach, member, #member)
#define ASK(member)   FIELD(struct skep_attr_prog_query, member, "query." #member)
#define TOKEN(member) FIELD(struct skep_attr_token_create, member, "token_create." #member)
#define STATS(member) FIELD(struct skep_attr_enable_stats, member, "enable_stats." #member)
#define ITER(member)  FIELD(struct skep_attr_iter_create, member, "iter_create." #member)
#define READ(member)  FIELD(struct skep_attr_stream_read, member, "prog_stream_read." #member)
#define ASSOC(member) \
	FIELD(struct skep_attr_assoc_struct_ops, member, "prog_assoc_struct_ops." #member)
#define QUERY(member) FIELD(struct skep_attr_task_fd_query, member, "task_fd_query." #member)
#define BIND(member)  FIELD(struct skep_attr_bind_map, member, "prog_bind_map." #member)
#define UPD(member)   FIELD(struct skep_attr_link_update, member, "link_update." #member)
#define DET(member)   FIELD(struct skep_attr_link_detach, member, "link_detach." #member)

static const struct field fields[] = {
	MAP(map_type),
	MAP(key_size),
	MAP(value_size),
	MAP(max_entries),
	MAP(map_flags),
	MAP(inner_map_fd),
	MAP(numa_node),
	MAP(map_name),
	MAP(map_ifindex),
	MAP(btf_fd),
	MAP(btf_key_type_id),
	MAP(btf_value_type_id),
	MAP(btf_vmlinux_value_type_id),
	MAP(map_extra),
	MAP(value_type_btf_obj_fd),
	MAP(map_token_fd),
	MAP(excl_prog_hash),
	MAP(excl_prog_hash_size),
	ELEM(key),
	ELEM(value),
	ELEM(next_key),
	ELEM(flags),
	MANY(in_batch),
	MANY(out_batch),
	MANY(keys),
	MANY(values),
	MANY(count),
	MANY(map_fd),
	MANY(elem_flags),
	MANY(flags),
	PROG(prog_type),
	PROG(insn_cnt),
	PROG(insns),
	PROG(license),
	PROG(log_level),
	PROG(log_size),
	PROG(log_buf),
	PROG(kern_version),
	PROG(prog_flags),
	PROG(prog_name),
	PROG(prog_ifindex),
	PROG(expected_attach_type),
	PROG(prog_btf_fd),
	PROG(func_info_rec_size),
	PROG(func_info),
	PROG(func_info_cnt),
	PROG(line_info_rec_size),
	PROG(line_info),
	PROG(line_info_cnt),
	PROG(attach_btf_id),
	PROG(attach_prog_fd),
	PROG(attach_btf_obj_fd),
	PROG(core_relo_cnt),
	PROG(fd_array),
	PROG(core_relos),
	PROG(core_relo_rec_size),
	PROG(log_true_size),
	PROG(prog_token_fd),
	PROG(fd_array_cnt),
	PROG(signature),
	PROG(signature_size),
	PROG(keyring_id),
	BTF(btf),
	BTF(btf_log_buf),
	BTF(btf_size),
	BTF(btf_log_size),
	BTF(btf_log_level),
	BTF(btf_log_true_size),
	BTF(btf_flags),
	BTF(btf_token_fd),
	TEST(prog_fd),
	TEST(retval),
	TEST(data_size_in),
	TEST(data_size_out),
	TEST(data_in),
	TEST(data_out),
	TEST(repeat),
	TEST(duration),
	TEST(ctx_size_in),
	TEST(ctx_size_out),
	TEST(ctx_in),
	TEST(ctx_out),
	TEST(flags),
	TEST(cpu),
	TEST(batch_size),
	OBJ(pathname),
	OBJ(bpf_fd),
	OBJ(file_flags),
	OBJ(path_fd),
	ID(start_id),
	ID(next_id),
	ID(open_flags),
	ID(fd_by_id_token_fd),
	INFO(bpf_fd),
	INFO(info_len),
	INFO(info),
	RAW(name),
	RAW(prog_fd),
	RAW(cookie),
	LINK(prog_fd),
	LINK(map_fd),
	LINK(target_fd),
	LINK(target_ifindex),
	LINK(attach_type),
	LINK(flags),
	LINK(target_btf_id),
	LINK(iter_info),
	LINK(iter_info_len),
	LINK(perf_event.bpf_cookie),
	LINK(kprobe_multi.flags),
	LINK(kprobe_multi.cnt),
	LINK(kprobe_multi.syms),
	LINK(kprobe_multi.addrs),
	LINK(kprobe_multi.cookies),
	LINK(tracing.target_btf_id),
	LINK(tracing.cookie),
	LINK(netfilter.pf),
	LINK(netfilter.hooknum),
	LINK(netfilter.priority),
	LINK(netfilter.flags),
	LINK(uprobe_multi.path),
	LINK(uprobe_multi.offsets),
	LINK(uprobe_multi.ref_ctr_offsets),
	LINK(uprobe_multi.cookies),
	LINK(uprobe_multi.cnt),
	LINK(uprobe_multi.flags),
	LINK(uprobe_multi.pid),
	LINK(uprobe_multi.path_fd),
	LINK(tracing_multi.ids),
	LINK(tracing_multi.cookies),
	LINK(tracing_multi.cnt),
	LINK(tcx.relative_fd),
	LINK(tcx.relative_id),
	LINK(tcx.expected_revision),
	LINK(netkit.relative_fd),
	LINK(netkit.expected_revision),
	LINK(cgroup.relative_fd),
	LINK(cgroup.expected_revision),
	HOOK(target_fd),
	HOOK(target_ifindex),
	HOOK(attach_bpf_fd),
	HOOK(attach_type),
	HOOK(attach_flags),
	HOOK(replace_bpf_fd),
	HOOK(relative_fd),
	HOOK(relative_id),
	HOOK(expected_revision),
	ASK(target_fd),
	ASK(target_ifindex),
	ASK(attach_type),
	ASK(query_flags),
	ASK(attach_flags),
	ASK(prog_ids),
	ASK(count),
	ASK(prog_attach_flags),
	ASK(link_ids),
	ASK(link_attach_flags),
	ASK(revision),
	TOKEN(flags),
	TOKEN(bpffs_fd),
	STATS(type),
	ITER(link_fd),
	ITER(flags),
	UPD(link_fd),
	UPD(new_prog_fd),
	UPD(new_map_fd),
	UPD(flags),
	UPD(old_prog_fd),
	UPD(old_map_fd),
	DET(link_fd),
	READ(stream_buf),
	READ(stream_buf_len),
	READ(stream_id),
	READ(prog_fd),
	ASSOC(map_fd),
	ASSOC(prog_fd),
	ASSOC(flags),
	BIND(prog_fd),
	BIND(map_fd),
	BIND(flags),
	QUERY(pid),
	QUERY(fd),
	QUERY(flags),
	QUERY(buf_len),
	QUERY(buf),
	QUERY(prog_id),
	QUERY(fd_type),
	QUERY(probe_offset),
	QUERY(probe_addr),
};

#define OF_MAP(member) FIELD(struct skep_bpf_map_info, member, #member)

static const struct field map_fields[] = {
	OF_MAP(type),
	OF_MAP(id),
	OF_MAP(max_entries),
	OF_MAP(map_flags),
	OF_MAP(name),
	OF_MAP(ifindex),
	OF_MAP(btf_vmlinux_value_type_id),
	OF_MAP(netns_ino),
	OF_MAP(btf_value_type_id),
	OF_MAP(btf_vmlinux_id),
	OF_MAP(map_extra),
	OF_MAP(hash),
	OF_MAP(hash_size),
};

static void bpf_attr_is_laid_out_as_the_kernel_has_it(void **state)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);

	(void)state;
	NEED(btf, "the kernel has no BTF");
	/* 6.1 has nearly three quarters of them. */
	assert_true(compare_fields(btf, skep_btf_find(btf, "bpf_attr", BTF_KIND_UNION), fields,
				   COUNT(fields)) > COUNT(fields) / 2);
}

static void map_info_is_laid_out_as_the_kernel_has_it(void **state)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);

	(void)state;
	NEED(btf, "the kernel has no BTF");
	assert_true(compare_fields(btf, skep_btf_find(btf, "bpf_map_info", BTF_KIND_STRUCT),
				   map_fields, COUNT(map_fields)) > 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bpf_attr_is_laid_out_as_the_kernel_has_it),
		cmocka_unit_test(map_info_is_laid_out_as_the_kernel_has_it),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
