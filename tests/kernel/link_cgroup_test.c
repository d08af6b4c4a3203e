// SPDX-License-Identifier: MIT
/*
 * Programs of a cgroup that has only this process in it, and of a network namespace of its own.
 * Both end with the process: the cgroup's file system is mounted in a mount namespace of its own.
 */
#include "kernel/support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <skep/link.h>

static char root[] = "/tmp/skep-cgroup-XXXXXX", cgroup[64];
static bool is_ready;

static bool write_to(const char *folder, const char *file, const char *text)
{
	char path[128];
	bool good;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	fd = open(path, O_WRONLY);
	good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return good;
}

static bool set_up_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret = ioctl(fd, SIOCSIFFLAGS, &request);

	close(fd);
	return !ret;
}

static int setup(void **state)
{
	(void)state;
	if (!bpf_is_allowed() || !mkdtemp(root))
		return 0;
	snprintf(cgroup, sizeof(cgroup), "%s/skep-%d", root, getpid());
	is_ready = !unshare(CLONE_NEWNET | CLONE_NEWNS) &&
		   !mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) &&
		   !mount("skep", root, "cgroup2", 0, NULL) && !mkdir(cgroup, 0700) &&
		   write_to(cgroup, "cgroup.procs", "0") && set_up_loopback();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	write_to(root, "cgroup.procs", "0");
	rmdir(cgroup);
	umount(root);
	rmdir(root);
	return 0;
}

#define NEED_CGROUP()                                                              \
	do {                                                                       \
		NEED_BPF();                                                        \
		NEED(is_ready, "no cgroup or network namespace can be made here"); \
	} while (0)

struct rig {
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_link *link;
};

static void load(struct rig *rig, const char *program)
{
	rig->spec = open_fixture("link_cgroup");
	only_program(rig->spec, program);
	rig->object = load_spec(rig->spec);
	rig->link = NULL;
}

static void attach(struct rig *rig, const char *program)
{
	struct skep_error err = { 0 };

	load(rig, program);
	rig->link = skep_program_attach_cgroup(skep_object_program(rig->object, program), cgroup,
					       NULL, &err);
	assert_ok(rig->link, &err);
	assert_true(skep_link_fd(rig->link) > 2);
}

static void unload(struct rig *rig)
{
	skep_link_close(rig->link);
	skep_object_close(rig->object);
	skep_spec_free(rig->spec);
}

static void set(struct rig *rig, const char *name, uint64_t value)
{
	struct skep_error err = { 0 };
	size_t size;
	uint64_t *global = skep_object_global(rig->object, name, &size, &err);

	assert_ok(global && size == sizeof(*global), &err);
	*global = value;
}

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

/* 0, or the errno of a datagram to a port of this machine. */
static int send_to(uint16_t port)
{
	struct sockaddr_in to = loopback(port);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int code = connect(fd, (struct sockaddr *)&to, sizeof(to)) || write(fd, "x", 1) != 1 ?
			   errno :
			   0;

	close(fd);
	return code;
}

static void cgroup_program_sees_packets_until_it_is_closed(void **state)
{
	struct rig rig;
	uint64_t seen;

	(void)state;
	NEED_CGROUP();
	attach(&rig, "on_packet");
	assert_string_equal(skep_link_label(rig.link) + strlen("cgroup "), cgroup);
	assert_int_equal(send_to(9), 0);
	seen = global_value(rig.object, "packets");
	assert_true(seen >= 1);
	skep_link_close(rig.link);
	rig.link = NULL;
	send_to(9);
	assert_int_equal(global_value(rig.object, "packets"), seen);
	unload(&rig);
}

static void cgroup_program_sees_sockets_being_made(void **state)
{
	struct rig rig;

	(void)state;
	NEED_CGROUP();
	attach(&rig, "on_socket");
	for (int i = 0; i < 5; i++)
		close(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	assert_int_equal(global_value(rig.object, "sockets"), 5);
	unload(&rig);
}

static void cgroup_program_decides_on_connections(void **state)
{
	struct rig rig;

	(void)state;
	NEED_CGROUP();
	attach(&rig, "on_connect");
	set(&rig, "no_port", htons(4711));
	assert_int_equal(send_to(9), 0);
	assert_int_equal(send_to(4711), EPERM);
	assert_int_equal(global_value(rig.object, "connects"), 2);
	unload(&rig);
	assert_int_equal(send_to(4711), 0);
}

static void cgroup_program_decides_on_socket_options(void **state)
{
	int fd, one = 1;
	struct rig rig;

	(void)state;
	NEED_CGROUP();
	attach(&rig, "on_option");
	set(&rig, "no_option", SO_BROADCAST);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)), -1);
	assert_int_equal(errno, EPERM);
	close(fd);
	unload(&rig);
}

static void cgroup_program_decides_on_devices(void **state)
{
	struct rig rig;

	(void)state;
	NEED_CGROUP();
	attach(&rig, "on_device");
	set(&rig, "no_device", 5); /* /dev/zero is 1:5 */
	assert_int_equal(open("/dev/zero", O_RDONLY), -1);
	assert_int_equal(errno, EPERM);
	close(open("/dev/null", O_RDONLY));
	assert_true(global_value(rig.object, "devices") >= 2);
	unload(&rig);
}

static void programs_of_a_cgroup_stand_beside_each_other(void **state)
{
	struct rig one, two;

	(void)state;
	NEED_CGROUP();
	attach(&one, "on_connect");
	attach(&two, "on_connect");
	set(&two, "no_port", htons(4711));
	assert_int_equal(send_to(4711), EPERM);
	unload(&two);
	assert_int_equal(send_to(4711), 0);
	assert_int_equal(global_value(one.object, "connects"), 2);
	unload(&one);
}

/* 0, or the errno of a connection to a port on which the caller listens. */
static int connect_to(uint16_t port)
{
	struct sockaddr_in to = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int code = connect(fd, (struct sockaddr *)&to, sizeof(to)) ? errno : 0;

	close(fd);
	return code;
}

static void netns_program_decides_on_lookups(void **state)
{
	struct sockaddr_in at = loopback(4711);
	struct skep_error err = { 0 };
	struct rig rig;
	int listener;

	(void)state;
	NEED_CGROUP();
	load(&rig, "on_lookup");
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(connect_to(4711), 0);
	rig.link =
		skep_program_attach_netns(skep_object_program(rig.object, "on_lookup"), NULL, &err);
	assert_ok(rig.link, &err);
	assert_int_equal(connect_to(4711), 0);
	assert_true(global_value(rig.object, "lookups") >= 1);
	set(&rig, "no_port", 4711);
	assert_int_equal(connect_to(4711), ECONNREFUSED);
	unload(&rig);
	assert_int_equal(connect_to(4711), 0);
	close(listener);
}

static void wrong_places_for_cgroup_programs_are_told(void **state)
{
	const struct skep_program *program;
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_CGROUP();
	load(&rig, "on_packet");
	program = skep_object_program(rig.object, "on_packet");
	assert_null(skep_program_attach_cgroup(program, "/no/such/cgroup", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "cgroup /no/such/cgroup cannot be opened");
	assert_null(skep_program_attach_cgroup(program, "/tmp", NULL, &err));
	assert_int_equal(err.code, EBADF);
	assert_error_says(&err, "/tmp is no cgroup of version 2");
	assert_null(skep_program_attach_netns(program, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_null(skep_program_attach(program, &err));
	assert_error_says(&err, "skep_program_attach_cgroup()");
	unload(&rig);
	load(&rig, "on_lookup");
	program = skep_object_program(rig.object, "on_lookup");
	assert_null(skep_program_attach_cgroup(program, cgroup, NULL, &err));
	assert_error_says(&err, "cannot be attached to a cgroup");
	assert_null(skep_program_attach_netns(program, "/dev/null", &err));
	assert_error_says(&err, "/dev/null is no file of a network namespace");
	unload(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cgroup_program_sees_packets_until_it_is_closed),
		cmocka_unit_test(cgroup_program_sees_sockets_being_made),
		cmocka_unit_test(cgroup_program_decides_on_connections),
		cmocka_unit_test(cgroup_program_decides_on_socket_options),
		cmocka_unit_test(cgroup_program_decides_on_devices),
		cmocka_unit_test(programs_of_a_cgroup_stand_beside_each_other),
		cmocka_unit_test(netns_program_decides_on_lookups),
		cmocka_unit_test(wrong_places_for_cgroup_programs_are_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, teardown);
}
