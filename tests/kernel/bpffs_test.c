// SPDX-License-Identifier: MIT
/* Pins in a BPF file system, and what is said when one cannot be made. */
#include "kernel/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/bpf.h"
#include "kernel/bpffs.h"

static int new_map(void)
{
	struct skep_attr_map_create attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1
	};
	int fd = skep_bpf_map_create(&attr);

	assert_true(fd >= 0);
	return fd;
}

static void pinned_object_is_opened_by_its_path(void **state)
{
	struct skep_error err = { 0 };
	const char *path = sandbox_pin("map");
	uint32_t id;
	int fd;

	(void)state;
	NEED_BPFFS();
	fd = new_map();
	id = map_id(fd);
	assert_ok(!skep_bpffs_pin(fd, AT_FDCWD, path, SKEP_STAGE_LOAD, &err), &err);
	close(fd);
	fd = skep_bpffs_open(SKEP_PIN_MAP, AT_FDCWD, path, 0, SKEP_STAGE_LOAD, &err);
	assert_ok(fd > 2, &err);
	assert_int_equal(map_id(fd), id);
	assert_ok(!skep_bpffs_unpin(SKEP_PIN_MAP, fd, AT_FDCWD, path, SKEP_STAGE_LOAD, &err), &err);
	assert_int_equal(sandbox_count_pins(), 0);
	close(fd);
	assert_true(id_goes_away(BPF_MAP_GET_FD_BY_ID, id));
}

static void pin_may_be_relative_to_an_open_folder(void **state)
{
	struct skep_error err = { 0 };
	int fd, dir, again;

	(void)state;
	NEED_BPFFS();
	fd = new_map();
	dir = open(sandbox_bpffs(), O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_ok(!skep_bpffs_pin(fd, dir, "relative", SKEP_STAGE_LOAD, &err), &err);
	assert_int_equal(access(sandbox_pin("relative"), F_OK), 0);
	again = skep_bpffs_open(SKEP_PIN_MAP, dir, "relative", 0, SKEP_STAGE_LOAD, &err);
	assert_ok(again >= 0, &err);
	assert_int_equal(map_id(again), map_id(fd));
	assert_ok(!skep_bpffs_unpin(SKEP_PIN_MAP, fd, dir, "relative", SKEP_STAGE_LOAD, &err),
		  &err);
	close(again);
	close(dir);
	close(fd);
}

static void pin_elsewhere_names_the_mount_to_make(void **state)
{
	struct skep_error err = { 0 };
	int fd;

	(void)state;
	NEED_BPFFS();
	fd = new_map();
	assert_int_equal(skep_bpffs_pin(fd, AT_FDCWD, "/tmp/skep-pin", SKEP_STAGE_LOAD, &err),
			 -EINVAL);
	assert_error_says(&err, "/tmp is in no BPF file system");
	assert_true(strstr(err.hint, "below /sys/fs/bpf, which is one") ||
		    !strcmp(err.hint, "mount one there: mount -t bpf bpf /tmp"));
	if (access("/sys/fs/bpf/.", F_OK))
		assert_string_equal(err.hint, "mount one there: mount -t bpf bpf /tmp");
	assert_int_equal(
		skep_bpffs_open(SKEP_PIN_MAP, AT_FDCWD, "/tmp/skep-pin", 0, SKEP_STAGE_LOAD, &err),
		-EINVAL);
	assert_error_says(&err, "/tmp is in no BPF file system");
	close(fd);
}

static void pin_in_a_missing_folder_names_it(void **state)
{
	struct skep_error err = { 0 };
	char hint[128];
	int fd;

	(void)state;
	NEED_BPFFS();
	fd = new_map();
	assert_int_equal(skep_bpffs_pin(fd, AT_FDCWD, sandbox_pin("no/map"), SKEP_STAGE_LOAD, &err),
			 -ENOENT);
	snprintf(hint, sizeof(hint), "make it: mkdir -p %s", sandbox_pin("no"));
	assert_string_equal(err.hint, hint);
	assert_ok(!skep_bpffs_make_folder(AT_FDCWD, sandbox_pin("no/one"), SKEP_STAGE_LOAD, &err),
		  &err);
	assert_ok(!skep_bpffs_make_folder(AT_FDCWD, sandbox_pin("no/one/"), SKEP_STAGE_LOAD, &err),
		  &err);
	assert_ok(!skep_bpffs_pin(fd, AT_FDCWD, sandbox_pin("no/one/map"), SKEP_STAGE_LOAD, &err),
		  &err);
	unlink(sandbox_pin("no/one/map"));
	rmdir(sandbox_pin("no/one"));
	rmdir(sandbox_pin("no"));
	assert_int_equal(
		skep_bpffs_make_folder(AT_FDCWD, "/tmp/skep-no/one", SKEP_STAGE_LOAD, &err),
		-EINVAL);
	assert_int_equal(access("/tmp/skep-no", F_OK), -1);
	close(fd);
}

static void names_that_cannot_be_are_explained(void **state)
{
	struct skep_error err = { 0 };
	int fd;

	(void)state;
	NEED_BPFFS();
	fd = new_map();
	assert_int_equal(skep_bpffs_pin(fd, AT_FDCWD, sandbox_pin("a.b"), SKEP_STAGE_LOAD, &err),
			 -EINVAL);
	assert_error_says(&err, "no name with a dot");
	assert_ok(!skep_bpffs_pin(fd, AT_FDCWD, sandbox_pin("taken"), SKEP_STAGE_LOAD, &err), &err);
	assert_int_equal(skep_bpffs_pin(fd, AT_FDCWD, sandbox_pin("taken"), SKEP_STAGE_LOAD, &err),
			 -EEXIST);
	assert_error_says(&err, "exists already");
	assert_int_equal(skep_bpffs_open(SKEP_PIN_MAP, AT_FDCWD, sandbox_pin("none"), 0,
					 SKEP_STAGE_LOAD, &err),
			 -ENOENT);
	assert_error_says(&err, "nothing is pinned at");
	unlink(sandbox_pin("taken"));
	close(fd);
}

static void pin_of_something_else_is_left_alone(void **state)
{
	struct skep_error err = { 0 };
	int fd, other;

	(void)state;
	NEED_BPFFS();
	fd = new_map();
	other = new_map();
	assert_ok(!skep_bpffs_pin(other, AT_FDCWD, sandbox_pin("x"), SKEP_STAGE_LOAD, &err), &err);
	assert_int_equal(skep_bpffs_unpin(SKEP_PIN_MAP, fd, AT_FDCWD, sandbox_pin("x"),
					  SKEP_STAGE_LOAD, &err),
			 -ESTALE);
	assert_error_says(&err, "another map is pinned");
	assert_int_equal(skep_bpffs_open(SKEP_PIN_LINK, AT_FDCWD, sandbox_pin("x"), 0,
					 SKEP_STAGE_ATTACH, &err),
			 -EINVAL);
	assert_error_says(&err, "is no link");
	assert_int_equal(sandbox_count_pins(), 1);
	unlink(sandbox_pin("x"));
	close(other);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pinned_object_is_opened_by_its_path),
		cmocka_unit_test(pin_may_be_relative_to_an_open_folder),
		cmocka_unit_test(pin_elsewhere_names_the_mount_to_make),
		cmocka_unit_test(pin_in_a_missing_folder_names_it),
		cmocka_unit_test(names_that_cannot_be_are_explained),
		cmocka_unit_test(pin_of_something_else_is_left_alone),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
