// SPDX-License-Identifier: MIT
/* lib/kernel/uapi*.h against the running kernel's BTF: each field is where the kernel has it. */
#include "kernel/support.h"

#include "kernel/uapi_info.h"

/* Where a member of skep's struct lies, and its path in the kernel's union bpf_attr. */
struct field {
	const char *path;
	size_t offset, size;
};

#define FIELD(type, member, path)                                         \
	{                                                                 \
		path, offsetof(type, member), sizeof(((type *)0)->member) \
	}
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
#define BIND(member) FIELD(struct skep_attr_bind_map, member, "prog_bind_map." #member)
#define UPD(member)  FIELD(struct skep_attr_link_update, member, "link_update." #member)
#define DET(member)  FIELD(struct skep_attr_link_detach, member, "link_detach." #member)

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

/* The member @name of a composite, also one in an anonymous member; its offset is added up. */
static uint32_t find_member(const struct skep_btf *btf, uint32_t id, const char *name, size_t len,
			    uint32_t *bits)
{
	const struct btf_type *t = skep_btf_type(btf, skep_btf_resolve(btf, id));
	const struct btf_member *m;

	if (!t || (skep_btf_kind(t) != BTF_KIND_STRUCT && skep_btf_kind(t) != BTF_KIND_UNION))
		return 0;
	m = skep_btf_members(t);
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const char *own = skep_btf_string(btf, m[i].name_off);
		uint32_t offset = skep_btf_member_offset(t, &m[i]);

		if (strlen(own) == len && !memcmp(own, name, len)) {
			*bits += offset;
			return m[i].type;
		}
		if (!*own) {
			uint32_t inner = offset;
			uint32_t type = find_member(btf, m[i].type, name, len, &inner);

			if (type) {
				*bits += inner;
				return type;
			}
		}
	}
	return 0;
}

/* Follows "link_create.tcx.relative_fd"; 0 when this kernel does not have it. */
static uint32_t find_path(const struct skep_btf *btf, uint32_t id, const char *path, uint32_t *bits)
{
	*bits = 0;
	while (id) {
		size_t len = strcspn(path, ".");

		id = find_member(btf, id, path, len, bits);
		if (!path[len])
			break;
		path += len + 1;
	}
	return id;
}

/* Returns how many of the fields this kernel has; all of those must be where skep has them. */
static size_t compare(const struct skep_btf *btf, uint32_t root, const struct field *list, size_t n)
{
	size_t known = 0;
	uint32_t bits;

	assert_true(root != 0);
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &list[i];
		uint32_t type = find_path(btf, root, f->path, &bits);

		if (!type)
			continue;
		known++;
		if (bits != f->offset * 8)
			fail_msg("%s is at bit %u, not at %zu", f->path, bits, f->offset * 8);
		if (skep_btf_sizeof(btf, type) != (int64_t)f->size)
			fail_msg("%s has %d bytes, not %zu", f->path,
				 (int)skep_btf_sizeof(btf, type), f->size);
	}
	return known;
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void bpf_attr_is_laid_out_as_the_kernel_has_it(void **state)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);

	(void)state;
	if (!btf)
		SKIP_TEST("the kernel has no BTF");
	/* 6.1 has nearly three quarters of them. */
	assert_true(compare(btf, skep_btf_find(btf, "bpf_attr", BTF_KIND_UNION), fields,
			    COUNT(fields)) > COUNT(fields) / 2);
}

static void link_info_is_laid_out_as_the_kernel_has_it(void **state)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);

	(void)state;
	if (!btf)
		SKIP_TEST("the kernel has no BTF");
	/* 5.10 has the fewest. */
	assert_true(compare(btf, skep_btf_find(btf, "bpf_link_info", BTF_KIND_STRUCT), link_fields,
			    COUNT(link_fields)) > 5);
}

static void map_info_is_laid_out_as_the_kernel_has_it(void **state)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);

	(void)state;
	if (!btf)
		SKIP_TEST("the kernel has no BTF");
	assert_true(compare(btf, skep_btf_find(btf, "bpf_map_info", BTF_KIND_STRUCT), map_fields,
			    COUNT(map_fields)) > 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bpf_attr_is_laid_out_as_the_kernel_has_it),
		cmocka_unit_test(link_info_is_laid_out_as_the_kernel_has_it),
		cmocka_unit_test(map_info_is_laid_out_as_the_kernel_has_it),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
