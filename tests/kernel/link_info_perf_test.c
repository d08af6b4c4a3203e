// SPDX-License-Identifier: MIT
/* What is told of links to events and probes is what they were made with. */
#include "kernel/link_info_support.h"
#include "kernel/uapi_fields.h"

#include <errno.h>

#include "base/uapi.h"
#include "kernel/perf.h"

/* Whether the kernel tells the cookie of a tracepoint's link. */
static bool kernel_tells_cookie(void)
{
	static const struct field cookie =
		FIELD(struct skep_raw_link_info, perf_event.tracepoint.cookie,
		      "perf_event.tracepoint.cookie");
	const struct skep_btf *btf = skep_btf_kernel(NULL);

	return btf && compare_fields(btf, skep_btf_find(btf, "bpf_link_info", BTF_KIND_STRUCT),
				     &cookie, 1);
}

static void info_of_a_tracepoint(void **state)
{
	struct skep_attach_opts opts = { .size = sizeof(opts) };
	struct skep_error err = { 0 };
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	NEED_PROGRAM(&rig, "on_tp");
	opts.cookie = kernel_tells_cookie() ? 4711 : 0;
	rig.link = skep_program_attach_tracepoint(rig.program, "raw_syscalls", "sys_enter", &opts,
						  &err);
	assert_ok(rig.link, &err);
	NEED_BPF_LINK(&rig);
	info = info_of(&rig, SKEP_LINK_PERF_EVENT);
	assert_int_equal(info.perf_event.cookie, opts.cookie);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(info_of_a_tracepoint), cmocka_unit_test(info_of_a_perf_event),
		cmocka_unit_test(info_of_a_kprobe),	cmocka_unit_test(info_of_many_kprobes),
		cmocka_unit_test(info_of_many_uprobes),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
