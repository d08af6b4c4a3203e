// SPDX-License-Identifier: MIT
/* Who keeps things in the kernel: processes by their file descriptors, and pins. */
#include "kernel/link_rig.h"
#include "kernel/system_support.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static bool holds(const struct skep_holders *holders, enum skep_system_kind kind, uint32_t id,
		  pid_t pid)
{
	size_t n;
	const struct skep_holder *list = skep_holders_of(holders, kind, id, &n);

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(list[i].id, id);
		assert_int_equal(list[i].kind, kind);
		if (list[i].pid == (uint32_t)pid)
			return true;
	}
	return false;
}

/* By kind, and then by id. */
static void expect_order(const struct skep_holders *holders)
{
	size_t n;
	const struct skep_holder *all = skep_holders_all(holders, &n);

	assert_true(n >= 3);
	for (size_t i = 1; i < n; i++)
		assert_true(all[i - 1].kind < all[i].kind ||
			    (all[i - 1].kind == all[i].kind && all[i - 1].id <= all[i].id));
}

static void processes_that_hold_things_are_found(void **state)
{
	struct skep_error err = { 0 };
	struct skep_holders *holders;
	uint32_t map, link;
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	map = map_id(skep_map_fd(skep_object_map_at(rig.object, 0)));
	link = link_id(skep_link_fd(rig.link));
	holders = skep_holders_read(NULL, &err);
	assert_ok(holders, &err);
	assert_true(holds(holders, SKEP_SYSTEM_MAPS, map, getpid()));
	assert_true(holds(holders, SKEP_SYSTEM_PROGRAMS, program_id(skep_program_fd(rig.program)),
			  getpid()));
	/* Links have their ids in fdinfo as long as there are links. */
	assert_true(holds(holders, SKEP_SYSTEM_LINKS, link, getpid()));
	assert_false(holds(holders, SKEP_SYSTEM_LINKS, link, 1));
	expect_order(holders);
	skep_holders_free(holders);
	rig_free(&rig);
	holders = skep_holders_read(NULL, &err);
	assert_false(holds(holders, SKEP_SYSTEM_MAPS, map, getpid()));
	skep_holders_free(holders);
}

static void only_the_kinds_that_are_wanted_are_looked_for(void **state)
{
	const struct skep_holders_opts opts = { .size = sizeof(opts),
						.kinds = 1u << SKEP_SYSTEM_MAPS };
	struct skep_error err = { 0 };
	struct skep_holders *holders;
	const struct skep_holder *all;
	struct loaded l;
	size_t n;

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	holders = skep_holders_read(&opts, &err);
	assert_ok(holders, &err);
	assert_true(holds(holders, SKEP_SYSTEM_MAPS,
			  map_id(skep_map_fd(skep_object_map_at(l.object, 0))), getpid()));
	assert_null(skep_holders_of(holders, SKEP_SYSTEM_PROGRAMS, program_id(l.fd), &n));
	assert_int_equal(n, 0);
	all = skep_holders_all(holders, &n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(all[i].kind, SKEP_SYSTEM_MAPS);
	skep_holders_free(holders);
	unload_fixture(&l);
}

/* More than one answer of the kernel's has room for, and names that are the same for each. */
static void a_process_with_many_things_is_read_whole(void **state)
{
	enum { MANY = 900 };
	struct skep_error err = { 0 };
	struct skep_holders *holders;
	const struct skep_holder *found;
	int fds[MANY];
	struct loaded l;
	size_t n;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("so many file descriptors");
	l = load_fixture("load_minimal");
	for (size_t i = 0; i < MANY; i++)
		fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (fds[MANY - 1] < 0)
		SKIP_TEST("%d files may not be open", MANY);
	n = (size_t)dup(l.fd);
	assert_true(n > MANY);
	close(l.fd);
	holders = skep_holders_read(NULL, &err);
	assert_ok(holders, &err);
	found = skep_holders_of(holders, SKEP_SYSTEM_PROGRAMS, program_id((int)n), NULL);
	assert_non_null(found);
	assert_int_equal(found->fd, (int)n);
	assert_int_equal(dup2((int)n, l.fd), l.fd);
	close((int)n);
	skep_holders_free(holders);
	for (size_t i = 0; i < MANY; i++)
		close(fds[i]);
	unload_fixture(&l);
}

static void a_process_that_holds_a_thing_twice_is_told_once(void **state)
{
	struct skep_error err = { 0 };
	struct skep_holders *holders;
	struct loaded l;
	size_t n;
	int again;

	(void)state;
	NEED_BPF();
	l = load_fixture("load_minimal");
	again = dup(l.fd);
	holders = skep_holders_read(NULL, &err);
	assert_ok(holders, &err);
	assert_non_null(skep_holders_of(holders, SKEP_SYSTEM_PROGRAMS, program_id(l.fd), &n));
	assert_int_equal(n, 1);
	skep_holders_free(holders);
	close(again);
	unload_fixture(&l);
}

static void pins_are_found_with_what_has_them(void **state)
{
	struct skep_error err = { 0 };
	enum skep_system_kind kind;
	const struct skep_pin *pin;
	struct skep_pins *pins;
	struct loaded l;
	size_t n;
	int fd;

	(void)state;
	NEED_BPFFS();
	l = load_fixture("system_view");
	assert_int_equal(mkdir(sandbox_pin("folder"), 0700), 0);
	assert_ok(!skep_program_pin(skep_object_program_at(l.object, 0),
				    sandbox_pin("folder/program"), &err),
		  &err);
	pins = skep_pins_read(&err);
	assert_ok(pins, &err);
	pin = skep_pins_of(pins, SKEP_SYSTEM_PROGRAMS, program_id(l.fd), &n);
	assert_int_equal(n, 1);
	assert_string_equal(pin->path, sandbox_pin("folder/program"));
	skep_pins_free(pins);
	fd = skep_pin_open(sandbox_pin("folder/program"), &kind, &err);
	assert_ok(fd >= 0, &err);
	assert_int_equal(kind, SKEP_SYSTEM_PROGRAMS);
	assert_int_equal(program_id(fd), program_id(l.fd));
	close(fd);
	unlink(sandbox_pin("folder/program"));
	rmdir(sandbox_pin("folder"));
	assert_int_equal(skep_pin_open(sandbox_pin("folder/program"), &kind, &err), -ENOENT);
	assert_int_equal(skep_pin_open(NULL, &kind, &err), -EINVAL);
	unload_fixture(&l);
}

static void a_cgroup_is_found_by_its_id(void **state)
{
	struct skep_error err = { 0 };
	struct stat st, found;
	char path[4096];

	(void)state;
	NEED_SANDBOX();
	assert_int_equal(stat(sandbox_cgroup(), &st), 0);
	assert_ok(!skep_cgroup_path(st.st_ino, path, sizeof(path), &err), &err);
	assert_int_equal(stat(path, &found), 0);
	assert_int_equal(found.st_ino, st.st_ino);
	assert_int_equal(skep_cgroup_path(UINT64_MAX / 3, path, sizeof(path), &err), -ENOENT);
	assert_int_equal(skep_cgroup_path(st.st_ino, path, 2, &err), -ENAMETOOLONG);
}

/* The kernel calls the file of a link that is opened again by another name. */
static void a_link_that_was_opened_by_its_id_is_read(void **state)
{
	struct skep_error err = { 0 };
	struct skep_system_link *link;
	struct rig rig;
	uint32_t id;
	int fd;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	id = link_id(skep_link_fd(rig.link));
	fd = skep_system_open(SKEP_SYSTEM_LINKS, id, &err);
	assert_ok(fd >= 0, &err);
	link = skep_system_link_read(fd, &err);
	assert_ok(link, &err);
	assert_int_equal(link->id, id);
	skep_system_link_free(link);
	close(fd);
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(processes_that_hold_things_are_found),
		cmocka_unit_test(only_the_kinds_that_are_wanted_are_looked_for),
		cmocka_unit_test(a_process_with_many_things_is_read_whole),
		cmocka_unit_test(a_process_that_holds_a_thing_twice_is_told_once),
		cmocka_unit_test(pins_are_found_with_what_has_them),
		cmocka_unit_test(a_cgroup_is_found_by_its_id),
		cmocka_unit_test(a_link_that_was_opened_by_its_id_is_read),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
