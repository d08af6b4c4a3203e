// SPDX-License-Identifier: MIT
/* LSM hooks decide for every process: only in machines. */
#include "kernel/probe_support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LSM_LIST "/sys/kernel/security/lsm"
#define CGROUPS	 "/sys/fs/cgroup"

static void lsm_decides_until_it_is_closed(void **state)
{
	(void)state;
	NEED_TRAMPOLINES();
	expect_decision("on_open", "lsm file_open", EPERM);
}

static void sleepable_lsm_decides_until_it_is_closed(void **state)
{
	(void)state;
	NEED_VM();
	NEED_TO_LOAD("link_trace", "on_open_sleepable");
	expect_decision("on_open_sleepable", "lsm file_open", EACCES);
}

static int bind_somewhere(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int code = bind(fd, (void *)&address, sizeof(address)) ? errno : 0;

	close(fd);
	return code;
}

static void move_to(const char *cgroup)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "0", 1), 1);
	close(fd);
}

static void lsm_cgroup_decides_for_its_cgroup(void **state)
{
	static const char cgroup[] = CGROUPS "/skep-lsm";
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_VM();
	NEED_TO_LOAD("link_trace", "on_bind");
	assert_int_equal(mkdir(cgroup, 0700), 0);
	program = load_hook("link_trace", "on_bind");
	link = skep_program_attach_cgroup(program, cgroup, NULL, &err);
	assert_ok(link, &err);
	assert_int_equal(bind_somewhere(), 0);
	move_to(cgroup);
	assert_int_equal(bind_somewhere(), EPERM);
	assert_int_equal(fixture_value("hits"), 1);
	skep_link_close(link);
	assert_int_equal(bind_somewhere(), 0);
	move_to(CGROUPS);
	assert_int_equal(rmdir(cgroup), 0);
	fixture_leave();
}

/* The list of active modules, as another kernel would have it. */
static void list_modules(const char *list)
{
	static const char path[] = "/tmp/skep-lsm";
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_int_equal(write(fd, list, strlen(list)), strlen(list));
	close(fd);
	assert_int_equal(unshare(CLONE_NEWNS), 0);
	assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	assert_int_equal(mount(path, LSM_LIST, NULL, MS_BIND, NULL), 0);
	unlink(path);
}

static void lsm_that_nobody_calls_is_told(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_TRAMPOLINES();
	list_modules("lockdown,capability,bpfx,xbpf\n");
	program = load_hook("link_trace", "on_open");
	assert_null(skep_program_attach(program, &err));
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "would never run");
	assert_error_says(&err, "boot with lsm=lockdown,capability,bpfx,xbpf,bpf");
	assert_int_equal(umount(LSM_LIST), 0);
	link = skep_program_attach(program, &err);
	assert_non_null(link);
	skep_link_close(link);
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lsm_decides_until_it_is_closed),
		cmocka_unit_test(sleepable_lsm_decides_until_it_is_closed),
		cmocka_unit_test(lsm_cgroup_decides_for_its_cgroup),
		cmocka_unit_test(lsm_that_nobody_calls_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
