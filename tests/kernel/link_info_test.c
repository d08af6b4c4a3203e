// SPDX-License-Identifier: MIT
/* What is told of each type of link is what it was made with. */
#include "kernel/link_rig.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/perf.h"

/* The answer for a rig's link, whose common part is checked. Freed by the caller. */
static struct skep_link_info info_of(const struct rig *rig, uint32_t type)
{
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };

	assert_ok(!skep_link_info(rig->link, &info, &err), &err);
	assert_string_equal(skep_link_type_name(info.type), skep_link_type_name(type));
	assert_int_equal(info.id, link_id(skep_link_fd(rig->link)));
	assert_int_equal(info.prog_id, program_id(skep_program_fd(rig->program)));
	return info;
}

static uint64_t inode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

/* The bytes of a member of this kernel's struct bpf_link_info: what it lacks, no test can see. */
static int64_t kernel_tells(const char *member)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);
	const struct btf_type *t, *all;

	if (!btf)
		return 0;
	t = skep_btf_type(btf, skep_btf_find(btf, "bpf_link_info", BTF_KIND_STRUCT));
	all = skep_btf_type(btf, skep_btf_members(t)[3].type);
	for (uint16_t i = 0; i < skep_btf_vlen(all); i++)
		if (!strcmp(skep_btf_string(btf, skep_btf_members(all)[i].name_off), member))
			return skep_btf_sizeof(btf, skep_btf_members(all)[i].type);
	return 0;
}

static void info_of_a_raw_tracepoint(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_RAW_TRACEPOINT);
	assert_string_equal(info.raw_tracepoint.name, "sys_enter");
	skep_link_info_free(&info);
	rig_free(&rig);
}

/* The kernel makes a raw tracepoint of it, whatever way the arguments come. */
static void info_of_tp_btf(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_btf");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_RAW_TRACEPOINT);
	assert_string_equal(info.raw_tracepoint.name, "sys_enter");
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_tracing(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_fentry");
	rig_attach(&rig);
	usleep(1000);
	assert_true(rig_hits(&rig) >= 1);
	info = info_of(&rig, SKEP_LINK_TRACING);
	assert_int_equal(info.attach_type, BPF_TRACE_FENTRY);
	if (kernel_tells("tracing") > 4) {
		assert_int_equal(info.tracing.btf_id, skep_btf_find(skep_btf_kernel(NULL),
								    "do_nanosleep", BTF_KIND_FUNC));
		assert_true(info.tracing.object_id != 0);
	}
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_a_cgroup(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_egress");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_CGROUP);
	assert_int_equal(info.attach_type, BPF_CGROUP_INET_EGRESS);
	assert_int_equal(info.cgroup.cgroup_id, inode_of(sandbox_cgroup()));
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_an_iterator(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_iter");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_ITER);
	assert_string_equal(info.iter.target, "bpf_map");
	skep_link_info_free(&info);
	rig_free(&rig);
}

/* The kernel's union bpf_iter_link_info. */
union iter_target {
	uint32_t map_fd;
	struct {
		uint32_t tid, pid, pid_fd;
	} task;
};

static void info_of_an_iterator_over_one_process(void **state)
{
	union iter_target target = { .task = { .pid = (uint32_t)getpid() } };
	struct skep_attr_link_create attr;
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_task");
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = BPF_TRACE_ITER;
	attr.iter_info = SKEP_PTR(&target);
	attr.iter_info_len = sizeof(target);
	NEED_LINK(&rig, &attr);
	info = info_of(&rig, SKEP_LINK_ITER);
	assert_string_equal(info.iter.target, "task");
	assert_int_equal(info.iter.pid, getpid());
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_a_network_namespace(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_lookup");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_NETNS);
	assert_int_equal(info.attach_type, BPF_SK_LOOKUP);
	assert_int_equal(info.netns.inode, inode_of("/proc/self/ns/net"));
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_xdp(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_xdp");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_XDP);
	assert_int_equal(info.attach_type, BPF_XDP);
	assert_int_equal(info.xdp.ifindex, if_nametoindex("lo"));
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_tcx(void **state)
{
	struct skep_attr_link_create attr;
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_tcx");
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = SKEP_TCX_INGRESS;
	attr.target_ifindex = if_nametoindex("lo");
	NEED_LINK(&rig, &attr);
	info = info_of(&rig, SKEP_LINK_TCX);
	assert_int_equal(info.attach_type, SKEP_TCX_INGRESS);
	assert_int_equal(info.tcx.ifindex, if_nametoindex("lo"));
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_netfilter(void **state)
{
	struct skep_attr_link_create attr;
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_netfilter");
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = SKEP_NETFILTER;
	attr.netfilter.pf = NFPROTO_IPV4;
	attr.netfilter.hooknum = NF_INET_LOCAL_OUT;
	attr.netfilter.priority = -128;
	NEED_LINK(&rig, &attr);
	info = info_of(&rig, SKEP_LINK_NETFILTER);
	assert_int_equal(info.netfilter.family, NFPROTO_IPV4);
	assert_int_equal(info.netfilter.hook, NF_INET_LOCAL_OUT);
	assert_int_equal(info.netfilter.priority, -128);
	assert_int_equal(info.netfilter.flags, 0);
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_a_sockmap(void **state)
{
	struct skep_attr_link_create attr;
	struct skep_link_info info;
	struct rig rig;
	int map;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_msg");
	map = skep_map_fd(skep_object_map(rig.object, "sockets"));
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = BPF_SK_MSG_VERDICT;
	attr.target_fd = (uint32_t)map;
	NEED_LINK(&rig, &attr);
	info = info_of(&rig, SKEP_LINK_SOCKMAP);
	assert_int_equal(info.attach_type, BPF_SK_MSG_VERDICT);
	assert_int_equal(info.sockmap.map_id, map_id(map));
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_a_tracepoint(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	NEED_PROGRAM(&rig, "on_tp");
	rig_attach(&rig);
	NEED_BPF_LINK(&rig);
	info = info_of(&rig, SKEP_LINK_PERF_EVENT);
	if (kernel_tells("perf_event")) {
		assert_int_equal(info.perf_event.kind, SKEP_PERF_LINK_TRACEPOINT);
		assert_string_equal(info.perf_event.name, "sys_enter");
	} else {
		assert_int_equal(info.perf_event.kind, SKEP_PERF_LINK_UNKNOWN);
		assert_null(info.perf_event.name);
	}
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_a_perf_event(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_perf");
	rig_attach(&rig);
	NEED_BPF_LINK(&rig);
	info = info_of(&rig, SKEP_LINK_PERF_EVENT);
	if (kernel_tells("perf_event")) {
		assert_int_equal(info.perf_event.kind, SKEP_PERF_LINK_EVENT);
		assert_int_equal(info.perf_event.event_type, PERF_TYPE_SOFTWARE);
		assert_int_equal(info.perf_event.event_config, PERF_COUNT_SW_PAGE_FAULTS);
	}
	skep_link_info_free(&info);
	rig_free(&rig);
}

/* A kprobe as perf_event_open(2) makes one, by the type that the kernel gave its unit. */
static int open_kprobe(const char *function)
{
	struct perf_event_attr attr = { .kprobe_func = (uint64_t)(uintptr_t)function };
	FILE *f = fopen("/sys/bus/event_source/devices/kprobe/type", "re");

	if (!f)
		return -ENOENT;
	if (fscanf(f, "%u", &attr.type) != 1)
		attr.type = 0;
	fclose(f);
	return skep_perf_open(&attr, -1, 0);
}

static void info_of_a_kprobe(void **state)
{
	struct skep_attr_link_create attr;
	struct skep_link_info info;
	struct rig rig;
	int event;

	(void)state;
	NEED_BPF();
	event = open_kprobe("do_nanosleep");
	if (event < 0)
		SKIP_TEST("this kernel has no kprobes");
	NEED_PROGRAM(&rig, "on_kprobe");
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = BPF_PERF_EVENT;
	attr.target_fd = (uint32_t)event;
	attr.perf_event.bpf_cookie = 4711;
	NEED_LINK(&rig, &attr);
	close(event);
	usleep(1000);
	info = info_of(&rig, SKEP_LINK_PERF_EVENT);
	if (kernel_tells("perf_event")) {
		assert_int_equal(info.perf_event.kind, SKEP_PERF_LINK_KPROBE);
		assert_string_equal(info.perf_event.name, "do_nanosleep");
		assert_true(info.perf_event.address != 0);
		assert_int_equal(info.perf_event.offset, 0);
		assert_true(!info.perf_event.cookie || info.perf_event.cookie == 4711);
	}
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_many_kprobes(void **state)
{
	const char *functions[] = { "do_nanosleep", "hrtimer_nanosleep" };
	const uint64_t cookies[] = { 7, 7 };
	struct skep_attr_link_create attr;
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_kprobes");
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = BPF_TRACE_KPROBE_MULTI;
	attr.kprobe_multi.cnt = 2;
	attr.kprobe_multi.syms = SKEP_PTR(functions);
	attr.kprobe_multi.cookies = SKEP_PTR(cookies);
	NEED_LINK(&rig, &attr);
	usleep(1000);
	assert_true(rig_hits(&rig) >= 2);
	info = info_of(&rig, SKEP_LINK_KPROBE_MULTI);
	if (kernel_tells("kprobe_multi")) {
		assert_int_equal(info.kprobe_multi.count, 2);
		assert_int_equal(info.kprobe_multi.flags, 0);
		assert_int_equal(info.kprobe_multi.missed, 0);
		assert_true(info.kprobe_multi.addrs[0] && info.kprobe_multi.addrs[1]);
		assert_true(info.kprobe_multi.cookies[0] == 7 || !info.kprobe_multi.cookies[0]);
		assert_true(info.kprobe_multi.cookies[1] == info.kprobe_multi.cookies[0]);
	} else {
		assert_int_equal(info.kprobe_multi.count, 0);
	}
	skep_link_info_free(&info);
	rig_free(&rig);
}

/* Where a probe may sit. */
__attribute__((noinline)) static int probed(int x)
{
	__asm__ volatile("" : "+r"(x));
	return x + 1;
}

/* The offset of a function in this program's file, by the mapping that it lies in. */
static uint64_t file_offset(const void *function, char *path, size_t size)
{
	unsigned long at = (unsigned long)function, start, end, offset = 0;
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[4352];

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		char *name = strchr(line, '/');

		if (sscanf(line, "%lx-%lx %*s %lx", &start, &end, &offset) != 3 || at < start ||
		    at >= end || !name)
			continue;
		snprintf(path, size, "%.*s", (int)strcspn(name, "\n"), name);
		fclose(maps);
		return offset + at - start;
	}
	fail_msg("the function is in no mapping");
	return 0;
}

static void info_of_many_uprobes(void **state)
{
	struct skep_attr_link_create attr;
	struct skep_link_info info;
	uint64_t offset, cookie = 99;
	struct rig rig;
	char path[4096];

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("a breakpoint in its own code");
	NEED_PROGRAM(&rig, "on_uprobes");
	offset = file_offset((const void *)(uintptr_t)probed, path, sizeof(path));
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = SKEP_TRACE_UPROBE_MULTI;
	attr.uprobe_multi.path = SKEP_PTR(path);
	attr.uprobe_multi.offsets = SKEP_PTR(&offset);
	attr.uprobe_multi.cookies = SKEP_PTR(&cookie);
	attr.uprobe_multi.cnt = 1;
	attr.uprobe_multi.pid = (uint32_t)getpid();
	NEED_LINK(&rig, &attr);
	assert_int_equal(probed(1), 2);
	assert_int_equal(rig_hits(&rig), 1);
	info = info_of(&rig, SKEP_LINK_UPROBE_MULTI);
	if (kernel_tells("uprobe_multi")) {
		assert_string_equal(info.uprobe_multi.path, path);
		assert_int_equal(info.uprobe_multi.count, 1);
		assert_int_equal(info.uprobe_multi.offsets[0], offset);
		assert_int_equal(info.uprobe_multi.ref_ctr_offsets[0], 0);
		assert_int_equal(info.uprobe_multi.cookies[0], 99);
		assert_int_equal(info.uprobe_multi.pid, getpid());
	}
	skep_link_info_free(&info);
	rig_free(&rig);
}

/* Attached as kernels before 5.15 did: a perf event holds the program. */
static void info_of_what_has_no_bpf_link(void **state)
{
	struct perf_event_attr clock = { .type = PERF_TYPE_SOFTWARE,
					 .config = PERF_COUNT_SW_CPU_CLOCK,
					 .sample_period = 1000000 };
	struct skep_link_info info = { .size = sizeof(info), .id = 1 };
	struct skep_error err = { 0 };
	struct rig rig;
	int event;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_perf");
	event = skep_perf_open(&clock, 0, -1);
	assert_true(event >= 0);
	assert_int_equal(skep_perf_set_bpf(event, skep_program_fd(rig.program)), 0);
	rig.link = skep_link_new(NULL, event, &err, "perf event 1:0");
	assert_ok(!skep_link_info(rig.link, &info, &err), &err);
	assert_int_equal(info.type, SKEP_LINK_NONE);
	assert_int_equal(info.id, 0);
	assert_string_equal(skep_link_label(rig.link), "perf event 1:0");
	assert_ok(!skep_link_detach(rig.link, &err), &err);
	assert_int_equal(skep_link_fd(rig.link), -1);
	assert_int_equal(fcntl(event, F_GETFD), -1);
	assert_ok(!skep_link_info(rig.link, &info, &err), &err);
	rig_free(&rig);
}

static void info_is_found_by_id(void **state)
{
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };
	uint32_t id;
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	id = link_id(skep_link_fd(rig.link));
	assert_ok(!skep_link_info_by_id(id, &info, &err), &err);
	assert_string_equal(info.raw_tracepoint.name, "sys_enter");
	skep_link_info_free(&info);
	rig_free(&rig);
	assert_true(id_goes_away(BPF_LINK_GET_FD_BY_ID, id));
	assert_int_equal(skep_link_info_by_id(id, &info, &err), -ENOENT);
	assert_error_says(&err, "there is no link");
}

static void a_shorter_struct_is_filled_as_far_as_it_goes(void **state)
{
	struct skep_link_info info = { .size = offsetof(struct skep_link_info, raw_tracepoint) };
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	info.raw_tracepoint.cookie = 12345;
	assert_ok(!skep_link_info(rig.link, &info, &err), &err);
	assert_int_equal(info.type, SKEP_LINK_RAW_TRACEPOINT);
	assert_int_equal(info.raw_tracepoint.cookie, 12345);
	skep_link_info_free(&info);
	info.size = 0;
	assert_int_equal(skep_link_info(rig.link, &info, &err), -EINVAL);
	assert_int_equal(skep_link_info(rig.link, NULL, &err), -EINVAL);
	assert_int_equal(skep_link_info(NULL, &info, &err), -EINVAL);
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(info_of_a_raw_tracepoint),
		cmocka_unit_test(info_of_tp_btf),
		cmocka_unit_test(info_of_tracing),
		cmocka_unit_test(info_of_a_cgroup),
		cmocka_unit_test(info_of_an_iterator),
		cmocka_unit_test(info_of_an_iterator_over_one_process),
		cmocka_unit_test(info_of_a_network_namespace),
		cmocka_unit_test(info_of_xdp),
		cmocka_unit_test(info_of_tcx),
		cmocka_unit_test(info_of_netfilter),
		cmocka_unit_test(info_of_a_sockmap),
		cmocka_unit_test(info_of_a_tracepoint),
		cmocka_unit_test(info_of_a_perf_event),
		cmocka_unit_test(info_of_a_kprobe),
		cmocka_unit_test(info_of_many_kprobes),
		cmocka_unit_test(info_of_many_uprobes),
		cmocka_unit_test(info_of_what_has_no_bpf_link),
		cmocka_unit_test(info_is_found_by_id),
		cmocka_unit_test(a_shorter_struct_is_filled_as_far_as_it_goes),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
