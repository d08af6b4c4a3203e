// SPDX-License-Identifier: MIT
#include "kernel/net_rig.h"

#include <errno.h>
#include <linux/netfilter.h>

static struct skep_netfilter_opts at(uint32_t hook, int32_t priority)
{
	return (struct skep_netfilter_opts){ .size = sizeof(struct skep_netfilter_opts),
					     .family = NFPROTO_IPV4,
					     .hook = hook,
					     .priority = priority };
}

#define NEED_NETFILTER(program)                                         \
	do {                                                            \
		NEED_NETWORK();                                         \
		(program) = net_load("on_netfilter", NULL);             \
		NEED(program, "this kernel has no netfilter programs"); \
	} while (0)

static void netfilter_decides_on_packets_until_it_is_closed(void **state)
{
	const struct skep_netfilter_opts out = at(NF_INET_LOCAL_OUT, -10);
	const struct skep_program *program;
	struct skep_error err = { 0 };
	struct skep_link *link;
	uint64_t seen;

	(void)state;
	NEED_NETFILTER(program);
	link = skep_program_attach_netfilter(program, &out, &err);
	assert_ok(link, &err);
	assert_string_equal(skep_link_label(link), "netfilter output of ipv4");
	assert_int_equal(send_to(9), 0);
	seen = fixture_value("netfilter_hits");
	assert_true(seen >= 1);
	fixture_set("passes", 0);
	assert_int_equal(send_to(9), EPERM);
	skep_link_close(link);
	seen = fixture_value("netfilter_hits");
	assert_int_equal(send_to(9), 0);
	assert_int_equal(fixture_value("netfilter_hits"), seen);
	fixture_leave();
}

static void netfilter_priorities_are_taken_once(void **state)
{
	const struct skep_netfilter_opts in = at(NF_INET_LOCAL_IN, 5);
	const struct skep_program *program;
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_NETFILTER(program);
	link = skep_program_attach_netfilter(program, &in, &err);
	assert_ok(link, &err);
	assert_null(skep_program_attach_netfilter(program, &in, &err));
	assert_int_equal(err.code, EBUSY);
	assert_error_says(&err, "priority 5 at netfilter input");
	skep_link_close(link);
	fixture_leave();
}

static void netfilter_gets_whole_packets_where_the_kernel_can(void **state)
{
	struct skep_netfilter_opts in = at(NF_INET_PRE_ROUTING, -500);
	const struct skep_program *program;
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_NETFILTER(program);
	in.defragment = true;
	assert_null(skep_program_attach_netfilter(program, &in, &err));
	assert_error_says(&err, "above -400");
	in.priority = -300;
	link = skep_program_attach_netfilter(program, &in, &err);
	if (!link) {
		assert_error_says(&err, "nf_defrag_ipv4");
		fixture_leave();
		SKIP_TEST("this kernel has no nf_defrag_ipv4");
	}
	send_packets(1);
	assert_true(fixture_value("netfilter_hits") >= 1);
	skep_link_close(link);
	fixture_leave();
}

static void netfilter_that_cannot_be_is_told(void **state)
{
	struct skep_netfilter_opts in = at(NF_INET_LOCAL_IN, 5);
	const struct skep_program *program;
	struct skep_error err = { 0 };

	(void)state;
	NEED_NETFILTER(program);
	in.hook = 17;
	assert_null(skep_program_attach_netfilter(program, &in, &err));
	assert_error_says(&err, "no hook number 17");
	assert_null(skep_program_attach_netfilter(program, NULL, &err));
	assert_int_equal(err.code, EAFNOSUPPORT);
	in = at(NF_INET_LOCAL_IN, INT32_MIN);
	assert_null(skep_program_attach_netfilter(program, &in, &err));
	assert_error_says(&err, "priority -2147483648 cannot be taken");
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(netfilter_decides_on_packets_until_it_is_closed),
		cmocka_unit_test(netfilter_priorities_are_taken_once),
		cmocka_unit_test(netfilter_gets_whole_packets_where_the_kernel_can),
		cmocka_unit_test(netfilter_that_cannot_be_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, net_setup, NULL);
}
