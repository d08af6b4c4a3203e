// SPDX-License-Identifier: MIT
/* Programs of one socket and of a group that shares a port. */
#include "kernel/net_support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static int setup(void **state)
{
	(void)state;
	if (bpf_is_allowed())
		enter_own_network();
	return 0;
}

/* Sends eight bytes to a socket; how many come within a while, or -1. */
static ssize_t comes_through(int fd, uint16_t port)
{
	struct sockaddr_in to = loopback(port);
	int sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct pollfd come = { .fd = fd, .events = POLLIN };
	char bytes[16];

	assert_int_equal(sendto(sender, "12345678", 8, 0, (struct sockaddr *)&to, sizeof(to)), 8);
	close(sender);
	poll(&come, 1, 300);
	return recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
}

static void socket_filter_decides_until_it_is_closed(void **state)
{
	const struct skep_program *program;
	struct skep_error err = { 0 };
	struct skep_link *link;
	size_t n_fds;
	uint16_t port = 0;
	int fd;

	(void)state;
	NEED_NETWORK();
	program = fixture_load_one("link_sockets", "on_filter", NULL);
	fd = open_at_loopback(SOCK_DGRAM, &port);
	n_fds = count_fds();
	link = skep_program_attach_socket(program, fd, &err);
	assert_ok(link, &err);
	assert_int_equal(comes_through(fd, port), 8);
	assert_int_equal(fixture_value("filter_hits"), 1);
	fixture_set("keep", 8 + 3); /* the UDP header counts */
	assert_int_equal(comes_through(fd, port), 3);
	fixture_set("keep", 0);
	assert_int_equal(comes_through(fd, port), -1);
	skep_link_close(link);
	assert_int_equal(comes_through(fd, port), 8);
	assert_int_equal(fixture_value("filter_hits"), 3);
	assert_int_equal(count_fds(), n_fds);
	close(fd);
	fixture_leave();
}

/* A socket that shares its port. */
static int member(int type, uint16_t *port)
{
	struct sockaddr_in at = loopback(*port);
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	int on = 1;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void put(uint32_t key, int fd)
{
	struct skep_error err = { 0 };
	uint64_t value = (uint64_t)fd;

	assert_ok(!skep_map_update(fixture_map("members"), &key, &value, 0, &err), &err);
}

static void chooses_members(const char *name)
{
	const struct skep_program *program = fixture_load_one("link_sockets", name, NULL);
	struct skep_error err = { 0 };
	struct skep_link *link;
	uint16_t port = 0;
	int fds[2];

	fds[0] = member(SOCK_DGRAM, &port);
	fds[1] = member(SOCK_DGRAM, &port);
	for (uint32_t i = 0; i < 2 && !strcmp(name, "on_select"); i++)
		put(i, fds[i]);
	link = skep_program_attach_reuseport(program, fds[0], &err);
	assert_ok(link, &err);
	for (int round = 0; round < 8; round++) {
		fixture_set("member", (uint64_t)round % 2);
		assert_int_equal(comes_through(fds[round % 2], port), 8);
	}
	assert_int_equal(fixture_value("select_hits"), 8);
	skep_link_close(link);
	comes_through(fds[0], port);
	assert_int_equal(fixture_value("select_hits"), 8);
	close(fds[0]);
	close(fds[1]);
	fixture_leave();
}

static void reuseport_program_chooses_among_sockets_of_a_map(void **state)
{
	(void)state;
	NEED_NETWORK();
	chooses_members("on_select");
}

static void reuseport_filter_chooses_by_number(void **state)
{
	(void)state;
	NEED_NETWORK();
	chooses_members("on_index");
}

static void reuseport_program_moves_connections_to_another_listener(void **state)
{
	const struct skep_program *program;
	struct skep_error err = { 0 };
	struct skep_link *link;
	struct sockaddr_in to;
	uint16_t port = 0;
	int fds[2], client, accepted;

	(void)state;
	NEED_NETWORK();
	NEED_TO_LOAD("link_sockets", "on_migrate");
	program = fixture_load_one("link_sockets", "on_migrate", NULL);
	fds[0] = member(SOCK_STREAM, &port);
	fds[1] = member(SOCK_STREAM, &port);
	put(0, fds[0]);
	put(1, fds[1]);
	link = skep_program_attach_reuseport(program, fds[1], &err);
	assert_ok(link, &err);
	to = loopback(port);
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&to, sizeof(to)), 0);
	close(fds[0]);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	accepted = accept4(fds[1], NULL, NULL, SOCK_CLOEXEC);
	assert_true(accepted >= 0);
	assert_true(fixture_value("migrate_hits") >= 1);
	close(accepted);
	close(client);
	skep_link_close(link);
	close(fds[1]);
	fixture_leave();
}

static void socket_that_cannot_be_is_told(void **state)
{
	const struct skep_program *program;
	struct skep_error err = { 0 };
	int fd, on = 1;

	(void)state;
	NEED_NETWORK();
	program = fixture_load_one("link_sockets", "on_filter", NULL);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_null(skep_program_attach_socket(program, -1, &err));
	assert_int_equal(err.code, EBADF);
	assert_null(skep_program_attach_socket(program, skep_program_fd(program), &err));
	assert_int_equal(err.code, ENOTSOCK);
	assert_error_says(&err, "is no socket");
	assert_null(skep_program_attach_reuseport(program, fd, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "set SO_REUSEPORT before it is bound");
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on)), 0);
	assert_null(skep_program_attach_socket(program, fd, &err));
	assert_error_says(&err, "locked (SO_LOCK_FILTER)");
	close(fd);
	fixture_leave();
}

/*
 * No machine of the tests has an infrared receiver, and their kernels do not even load programs for
 * one: what can be asked is whether that is told.
 */
static void lirc_on_what_is_no_receiver_is_told(void **state)
{
	const struct skep_program *program;
	struct skep_error err = { 0 };
	bool has_lirc;

	(void)state;
	NEED_NETWORK();
	has_lirc = kernel_takes_program("link_sockets", "on_lirc");
	only_programs(fixture_open("link_sockets"), "on_filter", has_lirc ? "on_lirc" : NULL);
	fixture_load();
	program = fixture_program("on_lirc");
	assert_null(skep_program_attach_lirc(program, "/dev/null", &err));
	assert_error_says(&err,
			  has_lirc ? "/dev/null is no infrared receiver" : "it is not loaded");
	assert_null(skep_program_attach_lirc(fixture_program("on_filter"), "/dev/null", &err));
	assert_error_says(&err, "cannot be attached to an infrared receiver");
	assert_null(skep_attached_to_lirc("/dev/null", &err));
	assert_int_equal(err.code, ENOTSUP);
	assert_null(skep_attached_to_lirc("/dev/lirc99", &err));
	assert_int_equal(err.code, ENOENT);
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(socket_filter_decides_until_it_is_closed),
		cmocka_unit_test(reuseport_program_chooses_among_sockets_of_a_map),
		cmocka_unit_test(reuseport_filter_chooses_by_number),
		cmocka_unit_test(reuseport_program_moves_connections_to_another_listener),
		cmocka_unit_test(socket_that_cannot_be_is_told),
		cmocka_unit_test(lirc_on_what_is_no_receiver_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, NULL);
}
