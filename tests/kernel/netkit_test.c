// SPDX-License-Identifier: MIT
#include "kernel/net_support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/uapi.h"

static int made = -EOPNOTSUPP;

static int setup(void **state)
{
	(void)state;
	if (!bpf_is_allowed() || !enter_own_network())
		return 0;
	made = make_pair("netkit", "skepa", "skepb");
	if (made)
		return 0;
	assert_int_equal(set_address("skepa", "10.9.6.1"), 0);
	assert_int_equal(set_address("skepb", "10.9.5.1"), 0);
	fixture_open("link_tc");
	fixture_load();
	return 0;
}

#define NEED_NETKIT()                                     \
	do {                                              \
		NEED_NETWORK();                           \
		NEED(!made, "this kernel has no netkit"); \
	} while (0)

static void send_over(const char *address)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, address, &to.sin_addr);
	sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
}

static void sees_what_is_sent(const char *program, const struct skep_netkit_opts *opts,
			      const char *counter, const char *address, const char *label)
{
	struct skep_error err = { 0 };
	struct skep_link *link =
		skep_program_attach_netkit(fixture_program(program), "skepa", opts, &err);
	uint64_t seen = fixture_value(counter);

	assert_ok(link, &err);
	assert_string_equal(skep_link_label(link), label);
	send_over(address);
	assert_true(fixture_value(counter) > seen);
	skep_link_close(link);
	seen = fixture_value(counter);
	send_over(address);
	assert_int_equal(fixture_value(counter), seen);
}

static void netkit_sees_what_either_end_sends(void **state)
{
	const struct skep_netkit_opts peer = { .size = sizeof(peer), .peer = true };

	(void)state;
	NEED_NETKIT();
	sees_what_is_sent("on_primary", NULL, "primary_hits", "10.9.6.2", "netkit/primary skepa");
	sees_what_is_sent("on_peer", NULL, "peer_hits", "10.9.5.2", "netkit/peer skepa");
	sees_what_is_sent("on_any", &peer, "plain_hits", "10.9.5.2", "netkit/peer skepa");
}

static void netkit_programs_have_an_order(void **state)
{
	struct skep_netkit_opts first = { .size = sizeof(first), .primary = true };
	struct skep_error err = { 0 };
	struct skep_attached *attached;
	struct skep_link *one, *two;

	(void)state;
	NEED_NETKIT();
	one = skep_program_attach_netkit(fixture_program("on_primary"), "skepa", NULL, &err);
	assert_ok(one, &err);
	first.at.order = SKEP_ORDER_FIRST;
	two = skep_program_attach_netkit(fixture_program("on_any"), "skepa", &first, &err);
	assert_ok(two, &err);
	attached = skep_attached_to_interface("skepa", SKEP_NETKIT_PRIMARY, &err);
	assert_ok(attached, &err);
	assert_int_equal(attached->n, 2);
	assert_int_equal(attached->programs[0].link_id, link_id(skep_link_fd(two)));
	assert_int_equal(attached->programs[1].link_id, link_id(skep_link_fd(one)));
	skep_attached_free(attached);
	skep_link_close(two);
	skep_link_close(one);
}

static void netkit_that_cannot_be_is_told(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	NEED_NETKIT();
	assert_null(skep_program_attach_netkit(fixture_program("on_any"), "skepa", NULL, &err));
	assert_error_says(&err, "netkit/primary");
	assert_null(skep_program_attach_netkit(fixture_program("on_primary"), "lo", NULL, &err));
	assert_error_says(&err, "lo is no netkit device");
	assert_null(skep_program_attach_netkit(fixture_program("on_primary"), "skepb", NULL, &err));
	assert_error_says(&err, "the peer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(netkit_sees_what_either_end_sends),
		cmocka_unit_test(netkit_programs_have_an_order),
		cmocka_unit_test(netkit_that_cannot_be_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, fixture_teardown);
}
