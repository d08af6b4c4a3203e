// SPDX-License-Identifier: MIT
/* Probes of single functions. They stop every process at them: only in machines. */
#include "kernel/probe_support.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>

#include "kernel/file.h"
#include "kernel/kallsyms.h"

#define SOURCES "/sys/bus/event_source/devices"
#define TRACEFS "/sys/kernel/tracing"

static void kprobe_fires_until_it_is_closed(void **state)
{
	(void)state;
	NEED_VM();
	expect_firing("link_probes", "on_entry", "kprobe vfs_read", 10, read_zero);
}

static void kretprobe_fires_until_it_is_closed(void **state)
{
	(void)state;
	NEED_VM();
	expect_firing("link_probes", "on_return", "kretprobe vfs_read", 10, read_zero);
}

/* Some of a function's bytes begin an instruction and some do not; the kernel knows which. */
static void kprobe_inside_a_function_is_at_an_instruction(void **state)
{
	struct skep_kprobe_opts opts = { .size = sizeof(opts) };
	struct skep_program *program;
	int attached = 0, refused = 0;

	(void)state;
	NEED_VM();
	program = load_probe("on_entry");
	for (opts.offset = 1; opts.offset < 16; opts.offset++) {
		struct skep_error err = { 0 };
		struct skep_link *link =
			skep_program_attach_kprobe(program, "vfs_read", &opts, &err);
		uint64_t before = fixture_value("hits");
		char label[64];

		if (!link) {
			assert_true(err.code == EILSEQ || err.code == EINVAL);
			assert_error_says(&err, "in the middle of an instruction");
			refused++;
			continue;
		}
		snprintf(label, sizeof(label), "kprobe vfs_read+0x%x", (int)opts.offset);
		assert_string_equal(skep_link_label(link), label);
		read_zero(10);
		assert_true(fixture_value("hits") >= before + 10);
		close_and_expect_silence(link, read_zero);
		attached++;
	}
	assert_true(attached > 0);
	assert_true(refused > 0);
	fixture_leave();
}

static void kprobe_hands_over_its_cookie(void **state)
{
	const struct skep_kprobe_opts opts = { .size = sizeof(opts), .cookie = 0x1234567890abcdef };
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_VM();
	NEED_TO_LOAD("link_probes", "with_cookie");
	program = load_probe("with_cookie");
	link = skep_program_attach_kprobe(program, "vfs_read", &opts, &err);
	assert_ok(link, &err);
	read_zero(1);
	assert_int_equal(fixture_value("last_cookie"), opts.cookie);
	close_and_expect_silence(link, read_zero);
	fixture_leave();
}

static void kprobe_is_attached_to_an_address(void **state)
{
	struct skep_kprobe_opts opts = { .size = sizeof(opts) };
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_VM();
	program = load_probe("on_entry");
	assert_ok(!skep_kallsyms_find("vfs_read", &opts.address, &err), &err);
	link = skep_program_attach_kprobe(program, NULL, &opts, &err);
	assert_ok(link, &err);
	read_zero(10);
	assert_true(fixture_value("hits") >= 10);
	close_and_expect_silence(link, read_zero);
	assert_null(skep_program_attach_kprobe(program, "vfs_read", &opts, &err));
	assert_error_says(&err, "either a function or an address");
	assert_null(skep_program_attach_kprobe(program, NULL, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	fixture_leave();
}

static void kprobe_of_a_wrong_name_is_refused(void **state)
{
	static const char *const wrong[] = { "", "vfs read", "vfs_read\n-:x", "vfs/read", "a;b" };
	const struct skep_kprobe_opts inside = { .size = sizeof(inside),
						 .offset = 4,
						 .retprobe = true };
	struct skep_error err = { 0 };
	struct skep_program *program;
	char name[1024];

	(void)state;
	NEED_BPF();
	program = load_probe("on_entry");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_null(skep_program_attach_kprobe(program, wrong[i], NULL, &err));
		assert_int_equal(err.code, EINVAL);
	}
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_null(skep_program_attach_kprobe(program, name, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_null(skep_program_attach_kprobe(program, "vfs_read", &inside, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "a function's return has no place in it");
	fixture_leave();
}

/* A name of which the kernel has only "NAME.isra.0" or the like. */
static int find_clone(const struct skep_kallsym *symbol, void *context)
{
	const char *dot = strstr(symbol->name, ".isra.") ?: strstr(symbol->name, ".constprop.");
	uint64_t address;
	char *name = context;

	if (!dot || symbol->module || dot - symbol->name > 60)
		return 0;
	snprintf(name, 64, "%.*s", (int)(dot - symbol->name), symbol->name);
	return skep_kallsyms_find(name, &address, NULL) == -ENOENT;
}

static void kprobe_of_an_unknown_function_is_explained(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;
	int symbols = skep_kallsyms_open(NULL);
	char name[64], clone[80];

	(void)state;
	NEED_VM();
	program = load_probe("on_entry");
	assert_null(skep_program_attach_kprobe(program, "no_such_function", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no function 'no_such_function'");
	assert_error_says(&err, "inlined");
	assert_error_says(&err, "program 'on_entry' (kprobe/vfs_read)");
	assert_null(skep_program_attach_kprobe(program, "vfs_raed", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "did you mean 'vfs_re");
	assert_int_equal(skep_kallsyms_walk(symbols, find_clone, name, &err), 1);
	close(symbols);
	assert_null(skep_program_attach_kprobe(program, name, NULL, &err));
	assert_int_equal(err.code, ENOENT);
	snprintf(clone, sizeof(clone), " %s.", name);
	assert_error_says(&err, clone);
	fixture_leave();
}

static void kprobe_of_a_forbidden_function_says_so(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_VM();
	program = load_probe("on_entry");
	/* NOKPROBE_SYMBOL in kernel/notifier.c */
	assert_null(skep_program_attach_kprobe(program, "notify_die", NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "does not allow a kprobe notify_die");
	assert_null(skep_program_attach_kprobe(program, "jiffies_64", NULL, &err));
	assert_true(err.code == EINVAL || err.code == ENOENT);
	fixture_leave();
}

static void kprobe_of_an_ambiguous_name_counts_them(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_kallsyms_query q = { .name = "type_show" };
	struct skep_link *link;
	int symbols = skep_kallsyms_open(NULL);

	(void)state;
	NEED_VM();
	/* A static function of several drivers. */
	assert_ok(!skep_kallsyms_look_up(symbols, &q, 1, &err), &err);
	close(symbols);
	if (q.count < 2)
		SKIP_TEST("this kernel has no two functions type_show");
	program = load_probe("on_entry");
	link = skep_program_attach_kprobe(program, q.name, NULL, &err);
	/* Older kernels take the first (before 6.7). */
	if (!link) {
		assert_int_equal(err.code, ENOTUNIQ);
		assert_error_says(&err, "functions 'type_show'");
	}
	skep_link_close(link);
	fixture_leave();
}

static void sections_that_name_no_function_are_told(void **state)
{
	static const char *const wrong[] = { "kprobe/vfs_read+", "kprobe/vfs_read+x",
					     "kretprobe/vfs_read+4x" };
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct skep_spec *spec = open_fixture("link_probes");
		struct skep_object *object;

		only_program(spec, "on_entry");
		assert_ok(!skep_program_spec_section(spec, skep_spec_program(spec, "on_entry"),
						     wrong[i], &err),
			  &err);
		object = load_spec(spec);
		assert_null(skep_program_attach(skep_object_program(object, "on_entry"), &err));
		assert_int_equal(err.code, EINVAL);
		assert_error_says(&err, "NAME+OFFSET");
		skep_object_close(object);
		skep_spec_free(spec);
	}
}

/* Does the list of probes in tracefs have one of skep's? */
static bool tracefs_has_a_probe(void)
{
	char text[4096] = "";

	assert_true(skep_file_read(TRACEFS "/kprobe_events", text, sizeof(text)) >= 0);
	return strstr(text, ":skep/");
}

static void kprobes_go_by_tracefs_where_sysfs_has_no_source(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_VM();
	assert_int_equal(unshare(CLONE_NEWNS), 0);
	assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	assert_int_equal(mount("none", SOURCES, "tmpfs", 0, NULL), 0);
	for (int is_return = 0; is_return < 2; is_return++) {
		const struct skep_kprobe_opts opts = { .size = sizeof(opts),
						       .retprobe = is_return };
		struct skep_link *link;

		program = load_probe("on_entry");
		link = skep_program_attach_kprobe(program, "vfs_read", &opts, &err);
		assert_ok(link, &err);
		assert_true(tracefs_has_a_probe());
		read_zero(10);
		assert_true(fixture_value("hits") >= 10);
		close_and_expect_silence(link, read_zero);
		assert_false(tracefs_has_a_probe());
		assert_null(skep_program_attach_kprobe(program, "no_such_function", &opts, &err));
		assert_int_equal(err.code, ENOENT);
		assert_error_says(&err, "no function 'no_such_function'");
		assert_false(tracefs_has_a_probe());
		fixture_leave();
	}
	program = load_probe("on_syscall");
	assert_null(skep_program_attach_ksyscall(program, "no_such_call", NULL, &err));
	assert_error_says(&err, "no system call 'no_such_call'");
	fixture_leave();
	assert_int_equal(umount(SOURCES), 0);
}

static void kernel_without_kprobes_is_told(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	if (!access(SOURCES "/kprobe/type", F_OK))
		SKIP_TEST("this kernel has kprobes");
	program = load_probe("on_entry");
	assert_null(skep_program_attach(program, &err));
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "kprobe_events");
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kprobe_fires_until_it_is_closed),
		cmocka_unit_test(kretprobe_fires_until_it_is_closed),
		cmocka_unit_test(kprobe_inside_a_function_is_at_an_instruction),
		cmocka_unit_test(kprobe_hands_over_its_cookie),
		cmocka_unit_test(kprobe_is_attached_to_an_address),
		cmocka_unit_test(kprobe_of_a_wrong_name_is_refused),
		cmocka_unit_test(kprobe_of_an_unknown_function_is_explained),
		cmocka_unit_test(kprobe_of_a_forbidden_function_says_so),
		cmocka_unit_test(kprobe_of_an_ambiguous_name_counts_them),
		cmocka_unit_test(sections_that_name_no_function_are_told),
		cmocka_unit_test(kprobes_go_by_tracefs_where_sysfs_has_no_source),
		cmocka_unit_test(kernel_without_kprobes_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
