// SPDX-License-Identifier: MIT
/* Options of the kernel as programs read them: .kconfig. */
#include "kernel/support.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/kconfig.h"
#include "kernel/bpf.h"

#define GIVEN                            \
	"# a comment\n"                  \
	"CONFIG_SKEP_BOOL=y\n"           \
	"CONFIG_SKEP_BOOL=n\n"           \
	"  CONFIG_SKEP_CHAR=m\n"         \
	"CONFIG_SKEP_TRISTATE=m\n"       \
	"CONFIG_SKEP_SHORT=-12\n"        \
	"CONFIG_SKEP_HEX=0x123456789a\n" \
	"CONFIG_SKEP_OTHER=3\n"          \
	"CONFIG_SKEP_TEXT=\"longer than 7\""

static struct skep_object *load_with(struct skep_spec *spec, const char *text,
				     struct skep_error *err)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .kconfig = text };

	return skep_object_load(spec, &opts, err);
}

static uint32_t run(struct skep_object *object, const char *name)
{
	struct skep_program_run run = { .size = sizeof(run) };
	struct skep_error err = { 0 };
	uint8_t packet[64] = { 0 };

	run.data_in = packet;
	run.data_in_len = sizeof(packet);
	assert_ok(!skep_program_test_run(skep_object_program(object, name), &run, &err), &err);
	return run.retval;
}

static int64_t value(struct skep_object *object, const char *name)
{
	return (int64_t)global_value(object, name);
}

static void options_that_are_given_have_their_values(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_error err = { 0 };
	struct bpf_map_info info = { 0 };

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_options");
	only_program(spec, "reads_given");
	object = load_with(spec, GIVEN, &err);
	assert_ok(object, &err);
	assert_int_equal(run(object, "reads_given"), 0);
	assert_int_equal(value(object, "a_bool"), 1);
	assert_int_equal(value(object, "a_char"), 'm');
	assert_int_equal(value(object, "tristate"), 2);
	assert_int_equal(value(object, "a_short"), -12);
	assert_int_equal(value(object, "hex"), 0x123456789a);
	assert_int_equal(value(object, "third_letter"), 'n');
	assert_int_equal(value(object, "weak"), 0);
	assert_non_null(strstr(skep_object_extern_note(object, "CONFIG_SKEP_TEXT"),
			       "13 characters, of which 7 fit"));
	assert_null(skep_object_extern_note(object, "CONFIG_SKEP_HEX"));
	/* The kernel knows what is in the map, and nobody changes it any more. */
	assert_int_equal(skep_bpf_info(skep_map_fd(skep_object_map(object, ".kconfig")), &info,
				       sizeof(info)),
			 0);
	assert_true(info.btf_value_type_id != 0);
	assert_true(info.map_flags & BPF_F_RDONLY_PROG);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void a_spec_is_loaded_again_with_other_options(void **state)
{
	struct skep_spec *spec;
	struct skep_error err = { 0 };
	static const char *const words[] = { "CONFIG_SKEP_BOOL=y\n" GIVEN,
					     "CONFIG_SKEP_BOOL=n\n" GIVEN };

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_options");
	only_program(spec, "reads_given");
	for (int i = 0; i < 2; i++) {
		struct skep_object *object = load_with(spec, words[i], &err);

		assert_ok(object, &err);
		run(object, "reads_given");
		assert_int_equal(value(object, "a_bool"), !i);
		skep_object_close(object);
	}
	skep_spec_free(spec);
}

static void options_that_do_not_fit_name_both_sides(void **state)
{
	static const struct {
		const char *line, *says;
		int code;
	} wrong[] = {
		{ "CONFIG_SKEP_SHORT=40000\n",
		  "CONFIG_SKEP_SHORT=40000 does not fit 'short CONFIG_SKEP_SHORT'", ERANGE },
		{ "CONFIG_SKEP_BOOL=m\n",
		  "CONFIG_SKEP_BOOL=m is no value for '_Bool CONFIG_SKEP_BOOL'", EINVAL },
		{ "CONFIG_SKEP_HEX=\"x\"\n", "CONFIG_SKEP_HEX=\"x\" is no value for '", EINVAL },
		{ "CONFIG_SKEP_BOOL\n", "'CONFIG_SKEP_BOOL' of opts.kconfig has no value", EINVAL },
	};

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct skep_spec *spec = open_fixture("load_options");
		struct skep_error err = { 0 };
		char text[1024];

		only_program(spec, "reads_given");
		snprintf(text, sizeof(text), "%s%s", wrong[i].line, GIVEN);
		assert_null(load_with(spec, text, &err));
		assert_int_equal(err.code, wrong[i].code);
		assert_error_says(&err, wrong[i].says);
		skep_spec_free(spec);
	}
}

static void the_version_and_abilities_of_the_kernel_are_known(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_options");
	only_program(spec, "reads_virtual");
	object = load_with(spec, NULL, &err);
	assert_ok(object, &err);
	run(object, "reads_virtual");
	assert_int_equal(value(object, "version"), skep_kernel_version());
	assert_true(skep_kernel_version() > 5 << 16);
	/* 5.15 has both, and this machine's kernels have wrapped system calls. */
	assert_int_equal(value(object, "cookie"), skep_kernel_version() >= (5 << 16 | 15 << 8));
#if defined(__x86_64__) || defined(__aarch64__) || defined(__s390x__)
	assert_int_equal(value(object, "wrapper"), 1);
#endif
	assert_int_equal(value(object, "no_such_thing"), 0);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void an_unknown_option_is_named(void **state)
{
	struct skep_spec *spec;
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_options");
	only_program(spec, "reads_unknown");
	assert_null(load_with(spec, "CONFIG_SKEP_NON=y\nCONFIG_SKEP_NONEE=y\n", &err));
	assert_error_says(&err, "program 'reads_unknown' (tc): its extern 'CONFIG_SKEP_NONE': ");
	assert_error_says(&err, access("/proc/config.gz", R_OK) ?
					"there is neither /boot/config-" :
					"this kernel's configuration does not set this option");
	assert_error_says(&err, "__weak");
	skep_spec_free(spec);
}

static void options_are_the_running_kernels(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	if (access("/proc/config.gz", R_OK))
		SKIP_TEST("this kernel has no /proc/config.gz");
	spec = open_fixture("load_options");
	only_program(spec, "reads_the_kernels");
	object = load_with(spec, NULL, &err);
	assert_ok(object, &err);
	run(object, "reads_the_kernels");
	assert_int_equal(value(object, "has_syscall"), 1);
	skep_object_close(object);
	skep_spec_free(spec);
}

/* With a file of its own for this process and its own view of /boot. */
static int read_file_of_boot(void)
{
	struct skep_spec *spec = open_fixture("load_options");
	struct skep_object *object;
	struct utsname uts;
	char path[512];
	FILE *f;

	uname(&uts);
	snprintf(path, sizeof(path), "/boot/config-%s", uts.release);
	if (unshare(CLONE_NEWNS) || mount("none", "/", "none", MS_REC | MS_PRIVATE, "") ||
	    mount("none", "/boot", "tmpfs", 0, ""))
		return 2;
	f = fopen(path, "w");
	if (!f || fputs("# CONFIG_X is not set\nCONFIG_SKEP_NONE=y\n", f) < 0 || fclose(f))
		return 3;
	only_program(spec, "reads_unknown");
	object = load_with(spec, NULL, NULL);
	if (!object || run(object, "reads_unknown") != 1)
		return 4;
	skep_object_close(object);
	skep_spec_free(spec);
	return 0;
}

static void options_are_read_from_boot(void **state)
{
	int status;
	pid_t child;

	(void)state;
	NEED_BPF();
	if (getenv("SKEP_VM"))
		mkdir("/boot", 0755);
	if (access("/boot", F_OK))
		SKIP_TEST("this machine has no /boot");
	child = fork();
	assert_true(child >= 0);
	if (!child)
		_exit(read_file_of_boot());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_that_are_given_have_their_values),
		cmocka_unit_test(a_spec_is_loaded_again_with_other_options),
		cmocka_unit_test(options_that_do_not_fit_name_both_sides),
		cmocka_unit_test(the_version_and_abilities_of_the_kernel_are_known),
		cmocka_unit_test(an_unknown_option_is_named),
		cmocka_unit_test(options_are_the_running_kernels),
		cmocka_unit_test(options_are_read_from_boot),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
