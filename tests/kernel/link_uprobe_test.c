// SPDX-License-Identifier: MIT
/* Probes of functions in user space: of this process, or, in machines, of all. */
#include "kernel/user_support.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/file.h"
#include "kernel/tracefs.h"
#include "link/uprobe.h"
#include "user/symbols.h"

#define SOURCES "/sys/bus/event_source/devices"

/* Two instructions, the second of which has no name of its own in C. */
extern char user_two_begin[], user_two_second[];
int user_two(int a);
__asm__(".text\n"
	".balign 8\n"
	".globl user_two\n"
	".type user_two, %function\n"
	"user_two:\n"
	"user_two_begin: nop\n"
	"user_two_second: nop\n"
#if defined(__s390x__)
	"br %r14\n"
#else
	"ret\n"
#endif
	".size user_two, . - user_two\n");

/* A counter in data, found by a label. */
extern volatile unsigned short user_counter;
__asm__(".data\n"
	".balign 8\n"
	".globl user_counter\n"
	"user_counter:\n"
	"user_counter_label: .2byte 0\n"
	".text\n");

static void uprobe_fires_until_it_is_closed(void **state)
{
	struct skep_uprobe_opts opts = in_this_process("user_add");
	struct skep_link *link;
	char label[200];

	(void)state;
	NEED_USER_PROBES();
	link = attach_user(load_user("on_call"), user_library(), &opts);
	snprintf(label, sizeof(label), "uprobe %.60s:user_add", user_library());
	label[95] = '\0';
	assert_string_equal(skep_link_label(link), label);
	for (int i = 0; i < 10; i++)
		assert_int_equal(call_user("user_add", 40 + i, 2), 42 + i);
	call_user("user_add_more", 7, 8);
	assert_int_equal(fixture_value("hits"), 10);
	assert_int_equal(fixture_value("last_reg") & 0xffffffff, 49);
	close_user(link, "user_add");
	fixture_leave();
}

static void uretprobe_sees_results(void **state)
{
	struct skep_uprobe_opts opts = in_this_process("user_add");
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	/* The section says that it is for returns. */
	link = attach_user(load_user_for("on_return", true, NULL), user_library(), &opts);
	assert_non_null(strstr(skep_link_label(link), "uretprobe"));
	call_user("user_add", 40, 2);
	assert_int_equal(fixture_value("hits"), 1);
	assert_int_equal(fixture_value("last_reg") & 0xffffffff, 42);
	close_user(link, "user_add");
	fixture_leave();
	/* And so do the options. */
	opts.retprobe = true;
	link = attach_user(load_user_for("on_call", true, NULL), user_library(), &opts);
	call_user("user_add", 1, 2);
	assert_int_equal(fixture_value("last_reg") & 0xffffffff, 3);
	close_user(link, "user_add");
	fixture_leave();
}

static void uprobe_gives_its_cookie(void **state)
{
	struct skep_uprobe_opts opts = in_this_process("user_add");
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	opts.cookie = 0x1122334455667788;
	if (!kernel_takes_program("link_user", "with_cookie")) {
		program = load_user("on_call");
		assert_null(skep_program_attach_uprobe(program, user_library(), &opts, &err));
		assert_error_says(&err, "no cookies for probes");
		assert_int_equal(err.code, ENOTSUP);
		fixture_leave();
		SKIP_TEST("this kernel has no cookies for probes");
	}
	link = attach_user(load_user("with_cookie"), user_library(), &opts);
	call_user("user_add", 1, 2);
	assert_int_equal(fixture_value("last_cookie"), 0x1122334455667788);
	close_user(link, "user_add");
	fixture_leave();
}

static void program_that_may_sleep_reads_memory(void **state)
{
	struct skep_uprobe_opts opts = in_this_process("user_add");
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	NEED_TO_LOAD("link_user", "may_sleep");
	link = attach_user(load_user("may_sleep"), user_library(), &opts);
	call_user("user_add", 1, 2);
	assert_int_equal(fixture_value("hits"), 1);
	assert_int_equal(fixture_value("last_cookie"), 1);
	close_user(link, "user_add");
	fixture_leave();
}

static void versions_are_probed_apart(void **state)
{
	struct skep_uprobe_opts opts = in_this_process("user_copy@USER_1");
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	program = load_user("on_call");
	link = attach_user(program, user_library(), &opts);
	assert_int_equal(call_user("user_copy", 1, 0), 4);
	assert_int_equal(fixture_value("hits"), 0);
	skep_link_close(link);
	opts.symbol = "user_copy";
	link = attach_user(program, user_library(), &opts);
	assert_int_equal(call_user("user_copy", 1, 0), 4);
	assert_int_equal(fixture_value("hits"), 1);
	close_user(link, "user_copy");
	fixture_leave();
}

static void uprobe_is_set_at_an_instruction(void **state)
{
	struct skep_uprobe_opts opts = in_this_process("user_two");
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	program = load_user("on_call");
	opts.offset = (uint64_t)(user_two_second - user_two_begin);
	link = attach_user(program, "/proc/self/exe", &opts);
	user_two(5);
	assert_int_equal(fixture_value("hits"), 1);
	assert_int_equal(fixture_value("last_reg") & 0xffffffff, 5);
	skep_link_close(link);
	/* The same place by its offset in the file alone. */
	opts.offset = user_place("/proc/self/exe", "user_two", opts.offset);
	opts.symbol = NULL;
	link = attach_user(program, "/proc/self/exe", &opts);
	user_two(6);
	assert_int_equal(fixture_value("hits"), 2);
	skep_link_close(link);
	user_two(7);
	assert_int_equal(fixture_value("hits"), 2);
	fixture_leave();
}

static void counter_is_raised_while_attached(void **state)
{
	struct skep_uprobe_opts opts = in_this_process("user_two");
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_binary *binary;
	struct skep_symbols symbols;
	struct skep_symbol symbol;
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	binary = malloc(sizeof(*binary));
	assert_non_null(binary);
	assert_ok(!skep_binary_open(binary, "/proc/self/exe", 0, &err), &err);
	/* A label beside the counter: data has no function symbol. */
	assert_true(skep_symbols_open(&symbols, &binary->image, SHT_SYMTAB));
	while (skep_symbols_next(&symbols, &symbol))
		if (!strcmp(symbol.name, "user_counter_label"))
			assert_true(skep_image_offset(&binary->image, symbol.addr, PF_W,
						      &opts.ref_ctr_offset));
	skep_binary_close(binary);
	free(binary);
	assert_true(opts.ref_ctr_offset);
	program = load_user("on_call");
	assert_int_equal(user_counter, 0);
	link = attach_user(program, "/proc/self/exe", &opts);
	assert_int_equal(user_counter, 1);
	skep_link_close(link);
	assert_int_equal(user_counter, 0);
	fixture_leave();
}

static void section_says_file_function_and_offset(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;
	char target[4200];

	(void)state;
	NEED_USER_PROBES();
	NEED_VM();
	snprintf(target, sizeof(target), "%s:user_add", user_library());
	link = skep_program_attach(load_user_for("on_call", false, target), &err);
	assert_ok(link, &err);
	call_user("user_add", 1, 2);
	assert_true(fixture_value("hits") >= 1);
	close_user(link, "user_add");
	fixture_leave();
	snprintf(target, sizeof(target), "/proc/self/exe:user_two+%d",
		 (int)(user_two_second - user_two_begin));
	link = skep_program_attach(load_user_for("on_call", false, target), &err);
	assert_ok(link, &err);
	user_two(1);
	assert_int_equal(fixture_value("hits"), 1);
	skep_link_close(link);
	fixture_leave();
}

static void refuse(const struct skep_program *program, const char *path,
		   const struct skep_uprobe_opts *opts, int code, const char *says)
{
	struct skep_error err = { 0 };

	assert_null(skep_program_attach_uprobe(program, path, opts, &err));
	assert_error_says(&err, says);
	assert_int_equal(err.code, code);
}

static void wrong_places_are_told(void **state)
{
	struct skep_uprobe_opts opts = in_this_process("user_ad");
	struct skep_program *program;

	(void)state;
	NEED_USER_PROBES();
	program = load_user("on_call");
	refuse(program, user_library(), &opts, ENOENT, "did you mean 'user_add'?");
	refuse(program, "/no/such/file", &opts, ENOENT, "no file '/no/such/file'");
	refuse(program, "no-such-program", &opts, ENOENT, "no program 'no-such-program' in PATH");
	refuse(program, NULL, &opts, EINVAL, "no file is given");
	refuse(NULL, user_library(), &opts, EINVAL, "no program");
	refuse(program, user_library(), NULL, EINVAL, "neither a function nor an offset");
	opts.pid = -1;
	refuse(program, user_library(), &opts, EINVAL, "-1 is no process");
	opts.pid = 0x3fffffff;
	refuse(program, user_library(), &opts, ESRCH, "no process 1073741823");
	opts = in_this_process("user_add");
	opts.offset = 0x100000;
	refuse(program, user_library(), &opts, EINVAL, "is not in a part that is run");
	opts.symbol = NULL;
	refuse(program, user_library(), &opts, EINVAL, "has nothing that is run");
	opts = in_this_process("user_add");
	opts.offset = 1;
	opts.retprobe = true;
	refuse(program, user_library(), &opts, EINVAL, "no offset");
	fixture_leave();
}

static void refuse_section(const char *target, const char *says)
{
	struct skep_error err = { 0 };

	assert_null(skep_program_attach(load_user_for("on_call", false, target), &err));
	assert_error_says(&err, says);
	fixture_leave();
}

static void wrong_sections_are_told(void **state)
{
	(void)state;
	NEED_USER_PROBES();
	refuse_section("/bin/sh", "does not name a place as FILE:FUNCTION");
	refuse_section("/bin/sh:", "does not name a place as FILE:FUNCTION");
	refuse_section("/bin/sh:main+x", "'x' is no number of bytes");
	refuse_section("/bin/sh:0x12z", "'0x12z' is no number of bytes");
	refuse_section("libno-such.so.1:f", "no library 'libno-such.so.1'");
}

/* Without event sources, in a mount namespace where sysfs does not have them. */
static void attach_by_tracefs(void)
{
	struct skep_uprobe_opts opts = in_this_process("user_add");
	SKEP_SCOPED(skep_scoped_fd) int tracefs = skep_tracefs_open(NULL);
	struct skep_link *link = attach_user(load_user("on_call"), user_library(), &opts);
	char text[4096];

	assert_true(skep_file_read_at(tracefs, "uprobe_events", text, sizeof(text)) > 0);
	assert_non_null(strstr(text, "libuser_probes.so"));
	call_user("user_add", 1, 2);
	assert_int_equal(fixture_value("hits"), 1);
	close_user(link, "user_add");
	assert_true(skep_file_read_at(tracefs, "uprobe_events", text, sizeof(text)) >= 0);
	assert_null(strstr(text, "libuser_probes.so"));
	fixture_leave();
}

static void uprobe_without_event_sources_is_made_in_tracefs(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	NEED_USER_PROBES();
	NEED_VM();
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("none", SOURCES, "tmpfs", 0, NULL))
			_exit(2);
		attach_by_tracefs();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uprobe_fires_until_it_is_closed),
		cmocka_unit_test(uretprobe_sees_results),
		cmocka_unit_test(uprobe_gives_its_cookie),
		cmocka_unit_test(program_that_may_sleep_reads_memory),
		cmocka_unit_test(versions_are_probed_apart),
		cmocka_unit_test(uprobe_is_set_at_an_instruction),
		cmocka_unit_test(counter_is_raised_while_attached),
		cmocka_unit_test(section_says_file_function_and_offset),
		cmocka_unit_test(wrong_places_are_told),
		cmocka_unit_test(wrong_sections_are_told),
		cmocka_unit_test(uprobe_without_event_sources_is_made_in_tracefs),
	};

	return cmocka_run_group_tests_name("link_uprobe", tests, NULL, NULL);
}
