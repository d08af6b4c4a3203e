// SPDX-License-Identifier: MIT
/* Routes whose packets go through programs, over a pair of interfaces of the test's own. */
#include "kernel/net_rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/seg6.h>
#include <netinet/ip6.h>
#include <sys/socket.h>
#include <unistd.h>

static bool has_pair;

static int setup(void **state)
{
	net_setup(state);
	has_pair = is_in_own_network() && !make_pair("veth", "skepa", "skepb") &&
		   !set_address("skepa", "10.9.9.1");
	return 0;
}

#define NEED_PAIR()                                              \
	do {                                                     \
		NEED_NETWORK();                                  \
		NEED(has_pair, "no veth pair can be made here"); \
	} while (0)

static int send_over(int family, const char *address)
{
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(9) };
	struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons(9) };
	struct sockaddr_in6 from = loopback6(0);
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ssize_t n;

	if (family == AF_INET) {
		inet_pton(family, address, &to4.sin_addr);
		n = sendto(fd, "x", 1, 0, (struct sockaddr *)&to4, sizeof(to4));
	} else {
		inet_pton(family, address, &to6.sin6_addr);
		assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
		n = sendto(fd, "x", 1, 0, (struct sockaddr *)&to6, sizeof(to6));
	}
	close(fd);
	return n == 1 ? 0 : errno;
}

static void runs_for_packets(const char *name, const char *counter,
			     const struct skep_lwt_opts *opts, int family, const char *address)
{
	const struct skep_program *program = net_load(name, NULL);
	struct skep_error err = { 0 };
	struct skep_link *link;
	uint64_t seen;

	assert_non_null(program);
	link = skep_program_attach_lwt(program, opts, &err);
	assert_ok(link, &err);
	assert_string_equal(skep_link_label(link) + strlen("route "), opts->destination);
	send_over(family, address);
	seen = fixture_value(counter);
	assert_true(seen >= 1);
	skep_link_close(link);
	send_over(family, address);
	assert_int_equal(fixture_value(counter), seen);
	fixture_leave();
}

static void lwt_out_runs_for_packets_of_its_route(void **state)
{
	const struct skep_lwt_opts v4 = { .size = sizeof(v4),
					  .destination = "10.9.8.0/24",
					  .ifname = "skepa" };
	const struct skep_lwt_opts v6 = {
		.size = sizeof(v6), .destination = "fc00:8::/64", .ifname = "skepa", .metric = 7
	};

	(void)state;
	NEED_PAIR();
	runs_for_packets("on_out", "out_hits", &v4, AF_INET, "10.9.8.7");
	runs_for_packets("on_out", "out_hits", &v6, AF_INET6, "fc00:8::7");
}

static void lwt_xmit_runs_for_packets_of_its_route(void **state)
{
	const struct skep_lwt_opts opts = { .size = sizeof(opts),
					    .destination = "10.9.8.0/24",
					    .ifname = "skepa",
					    .headroom = 64 };
	const struct skep_lwt_opts gateway = { .size = sizeof(gateway),
					       .destination = "10.77.0.0/16",
					       .ifname = "skepa",
					       .gateway = "10.9.9.2" };

	(void)state;
	NEED_PAIR();
	runs_for_packets("on_xmit", "xmit_hits", &opts, AF_INET, "10.9.8.7");
	runs_for_packets("on_xmit", "xmit_hits", &gateway, AF_INET, "10.77.1.2");
}

static void lwt_in_runs_for_packets_that_come_in(void **state)
{
	const struct skep_lwt_opts opts = {
		.size = sizeof(opts), .destination = "10.9.8.7", .ifname = "lo", .local = true
	};

	(void)state;
	NEED_PAIR();
	runs_for_packets("on_in", "in_hits", &opts, AF_INET, "10.9.8.7");
}

static void lwt_decides_on_packets(void **state)
{
	const struct skep_lwt_opts opts = { .size = sizeof(opts),
					    .destination = "10.9.8.0/24",
					    .ifname = "skepa" };
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_PAIR();
	link = skep_program_attach_lwt(net_load("on_out", NULL), &opts, &err);
	assert_ok(link, &err);
	assert_int_equal(send_over(AF_INET, "10.9.8.7"), 0);
	fixture_set("passes", 0);
	assert_int_equal(send_over(AF_INET, "10.9.8.7"), EPERM);
	skep_link_close(link);
	fixture_leave();
}

/* A packet for SID fc00:9::7 with one more segment to visit, as the wire has it. */
static void send_segment(void)
{
	struct {
		uint8_t to[6], from[6];
		uint16_t type;
		struct ip6_hdr ip;
		struct {
			uint8_t next, len, type, left, last, flags;
			uint16_t tag;
			struct in6_addr segments[2];
		} route;
	} __attribute__((packed)) frame = { .type = htons(0x86dd) };

	frame.ip.ip6_flow = htonl(6u << 28);
	frame.ip.ip6_plen = htons(sizeof(frame.route));
	frame.ip.ip6_nxt = IPPROTO_ROUTING;
	frame.ip.ip6_hops = 64;
	inet_pton(AF_INET6, "fc00:a::1", &frame.ip.ip6_src);
	inet_pton(AF_INET6, "fc00:9::7", &frame.ip.ip6_dst);
	frame.route.next = IPPROTO_NONE;
	frame.route.len = sizeof(frame.route) / 8 - 1;
	frame.route.type = 4; /* segment routing, RFC 8754 */
	frame.route.left = 1;
	frame.route.last = 1;
	inet_pton(AF_INET6, "fc00:b::1", &frame.route.segments[0]);
	frame.route.segments[1] = frame.ip.ip6_dst;
	get_mac("skepb", frame.to);
	get_mac("skepa", frame.from);
	send_frame("skepa", &frame, sizeof(frame));
}

static void lwt_seg6local_runs_for_packets_to_its_segment(void **state)
{
	const struct skep_lwt_opts opts = { .size = sizeof(opts),
					    .destination = "fc00:9::7",
					    .ifname = "skepa" };
	struct skep_error err = { 0 };
	struct skep_link *link;
	uint64_t seen;

	(void)state;
	NEED_PAIR();
	link = skep_program_attach_lwt(net_load("on_seg6", NULL), &opts, &err);
	if (!link && (err.code == EOPNOTSUPP || err.code == EINVAL)) {
		fixture_leave();
		SKIP_TEST("this kernel runs no programs for segments: %s", err.cause);
	}
	assert_ok(link, &err);
	send_segment();
	seen = fixture_value("seg6_hits");
	assert_true(seen >= 1);
	skep_link_close(link);
	send_segment();
	assert_int_equal(fixture_value("seg6_hits"), seen);
	fixture_leave();
}

static void refuse(const struct skep_lwt_opts *opts, int code, const char *says)
{
	struct skep_error err = { 0 };

	assert_null(skep_program_attach_lwt(fixture_program("on_out"), opts, &err));
	assert_error_says(&err, says);
	assert_int_equal(err.code, code);
}

static void lwt_that_cannot_be_is_told(void **state)
{
	struct skep_lwt_opts opts = { .size = sizeof(opts), .ifname = "skepa" };
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_PAIR();
	net_load("on_out", NULL);
	refuse(NULL, EINVAL, "destination is missing");
	opts.destination = "10.9.8.0/33";
	refuse(&opts, EINVAL, "'10.9.8.0/33' is no IPv4 or IPv6 address");
	opts.destination = "ten.nine";
	refuse(&opts, EINVAL, "'ten.nine' is no IPv4");
	opts.destination = "10.9.8.1/24";
	refuse(&opts, EINVAL, "a route to 10.9.8.1/24");
	opts.destination = "10.9.8.0/24";
	opts.gateway = "fc00::1";
	refuse(&opts, EINVAL, "gateway 'fc00::1'");
	opts.gateway = NULL;
	opts.headroom = 8;
	refuse(&opts, EINVAL, "only lwt_xmit");
	opts.headroom = 0;
	link = skep_program_attach_lwt(fixture_program("on_out"), &opts, &err);
	assert_ok(link, &err);
	refuse(&opts, EEXIST, "already");
	skep_link_close(link);
	opts.ifname = "no_such_if0";
	refuse(&opts, ENOENT, "no interface 'no_such_if0'");
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lwt_out_runs_for_packets_of_its_route),
		cmocka_unit_test(lwt_xmit_runs_for_packets_of_its_route),
		cmocka_unit_test(lwt_in_runs_for_packets_that_come_in),
		cmocka_unit_test(lwt_decides_on_packets),
		cmocka_unit_test(lwt_seg6local_runs_for_packets_to_its_segment),
		cmocka_unit_test(lwt_that_cannot_be_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, NULL);
}
