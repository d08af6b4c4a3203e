// SPDX-License-Identifier: MIT
/* Every hook of a cgroup is seen to run for what this process does, and not after it is closed. */
#include "kernel/net_support.h"
#include "kernel/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un un;
} to;
static socklen_t to_len;

/* An address of its own family that nothing else uses. */
static void choose(int family)
{
	memset(&to, 0, sizeof(to));
	to_len = sizeof(to.v4);
	if (family == AF_INET) {
		to.v4 = loopback(0);
	} else if (family == AF_INET6) {
		to.v6 = loopback6(0);
		to_len = sizeof(to.v6);
	} else {
		to.un.sun_family = AF_UNIX;
		to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
				     (size_t)snprintf(to.un.sun_path + 1, 64, "skep-%d", getpid()));
	}
}

/* A socket that is bound to what others then send and connect to. */
static int bound(int family, int type)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	choose(family);
	assert_int_equal(bind(fd, &to.any, to_len), 0);
	if (family != AF_UNIX)
		getsockname(fd, &to.any, &to_len);
	return fd;
}

static void do_socket(int family)
{
	close(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static void do_bind(int family)
{
	close(bound(family, SOCK_STREAM));
}

static void do_connect(int family)
{
	int listener = bound(family, SOCK_STREAM);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	listen(listener, 1);
	assert_int_equal(connect(fd, &to.any, to_len), 0);
	close(fd);
	close(listener);
}

static void do_names(int family)
{
	int listener = bound(family, SOCK_STREAM);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	listen(listener, 1);
	assert_int_equal(connect(fd, &to.any, to_len), 0);
	to_len = sizeof(to);
	assert_int_equal(getsockname(listener, &to.any, &to_len), 0);
	to_len = sizeof(to);
	assert_int_equal(getpeername(fd, &to.any, &to_len), 0);
	close(fd);
	close(listener);
}

static void do_datagram(int family)
{
	int receiver = bound(family, SOCK_DGRAM);
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char byte;

	assert_int_equal(sendto(fd, "x", 1, 0, &to.any, to_len), 1);
	to_len = sizeof(to);
	assert_int_equal(recvfrom(receiver, &byte, 1, 0, &to.any, &to_len), 1);
	close(fd);
	close(receiver);
}

static void do_options(int family)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(int);
	int value = 1;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, len), 0);
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, &len), 0);
	close(fd);
}

static void do_open(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_true(read(fd, &byte, 1) >= 0);
	close(fd);
}

static void do_sysctl(int family)
{
	(void)family;
	do_open("/proc/sys/kernel/ostype");
}

static void do_device(int family)
{
	(void)family;
	do_open("/dev/null");
}

struct hook {
	const char *name;
	void (*act)(int family);
	int family;
};

/* False when this kernel does not have the hook. */
static bool is_seen(const struct hook *hook)
{
	struct skep_spec *spec = open_fixture("link_hooks");
	struct skep_error err = { 0 };
	struct skep_object *object;
	char program[64], counter[64];
	struct skep_link *link;
	uint64_t before;

	snprintf(program, sizeof(program), "on_%s", hook->name);
	snprintf(counter, sizeof(counter), "hits_%s", hook->name);
	only_program(spec, program);
	object = skep_object_load(spec, NULL, &err);
	if (!object) {
		skep_spec_free(spec);
		if (err.code == ENOTSUP || err.code == EINVAL)
			return false;
		fail_msg("%s: %s", hook->name, err.cause);
	}
	link = skep_program_attach_cgroup(skep_object_program(object, program), sandbox_cgroup(),
					  NULL, &err);
	assert_ok(link, &err);
	hook->act(hook->family);
	before = global_value(object, counter);
	if (!before)
		fail_msg("%s was not seen to run", hook->name);
	skep_link_close(link);
	hook->act(hook->family);
	if (global_value(object, counter) != before)
		fail_msg("%s runs after it was closed", hook->name);
	skep_object_close(object);
	skep_spec_free(spec);
	return true;
}

static void all_are_seen(const struct hook *hooks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_seen(&hooks[i]))
			fail_msg("this kernel does not have %s", hooks[i].name);
}

#define ALL(hooks) all_are_seen(hooks, sizeof(hooks) / sizeof((hooks)[0]))

static void cgroup_sees_packets_in_both_directions(void **state)
{
	static const struct hook hooks[] = {
		{ "ingress", do_datagram, AF_INET },
		{ "egress", do_datagram, AF_INET },
		{ "skb", do_datagram, AF_INET6 },
	};

	(void)state;
	NEED_SANDBOX();
	ALL(hooks);
}

static void cgroup_sees_sockets_from_making_to_release(void **state)
{
	static const struct hook hooks[] = {
		{ "sock_create", do_socket, AF_INET6 }, { "sock_release", do_socket, AF_INET },
		{ "bind4", do_bind, AF_INET },		{ "bind6", do_bind, AF_INET6 },
		{ "post_bind4", do_bind, AF_INET },	{ "post_bind6", do_bind, AF_INET6 },
		{ "getsockopt", do_options, AF_INET },	{ "setsockopt", do_options, AF_INET },
		{ "sockops", do_connect, AF_INET },
	};

	(void)state;
	NEED_SANDBOX();
	ALL(hooks);
}

static void cgroup_sees_addresses_of_both_families(void **state)
{
	static const struct hook hooks[] = {
		{ "connect4", do_connect, AF_INET },   { "connect6", do_connect, AF_INET6 },
		{ "sendmsg4", do_datagram, AF_INET },  { "sendmsg6", do_datagram, AF_INET6 },
		{ "recvmsg4", do_datagram, AF_INET },  { "recvmsg6", do_datagram, AF_INET6 },
		{ "getpeername4", do_names, AF_INET }, { "getpeername6", do_names, AF_INET6 },
		{ "getsockname4", do_names, AF_INET }, { "getsockname6", do_names, AF_INET6 },
	};

	(void)state;
	NEED_SANDBOX();
	ALL(hooks);
}

static void cgroup_sees_addresses_of_unix_sockets(void **state)
{
	static const struct hook hooks[] = {
		{ "connect_unix", do_connect, AF_UNIX },
		{ "sendmsg_unix", do_datagram, AF_UNIX },
		{ "recvmsg_unix", do_datagram, AF_UNIX },
		{ "getpeername_unix", do_names, AF_UNIX },
		{ "getsockname_unix", do_names, AF_UNIX },
	};

	(void)state;
	NEED_SANDBOX();
	if (!is_seen(&hooks[0]))
		SKIP_TEST("this kernel has no hooks for unix sockets");
	ALL(hooks);
}

static void cgroup_sees_sysctls_and_devices(void **state)
{
	static const struct hook hooks[] = { { "sysctl", do_sysctl, 0 },
					     { "device", do_device, 0 } };

	(void)state;
	NEED_SANDBOX();
	ALL(hooks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cgroup_sees_packets_in_both_directions),
		cmocka_unit_test(cgroup_sees_sockets_from_making_to_release),
		cmocka_unit_test(cgroup_sees_addresses_of_both_families),
		cmocka_unit_test(cgroup_sees_addresses_of_unix_sockets),
		cmocka_unit_test(cgroup_sees_sysctls_and_devices),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
