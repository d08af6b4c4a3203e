// SPDX-License-Identifier: MIT
/* Traffic control by filters of a clsact qdisc, and by whatever the kernel has. */
#include "kernel/tc_support.h"

#include <errno.h>
#include <linux/pkt_sched.h>
#include <net/if.h>

#include "kernel/netlink.h"
#include "kernel/netlink_tc.h"

static bool has_clsact;

static int setup(void **state)
{
	struct skep_netlink nl;
	uint32_t lo;

	(void)state;
	if (!tc_load())
		return 0;
	lo = if_nametoindex("lo");
	assert_int_equal(skep_netlink_open(&nl), 0);
	has_clsact = !skep_netlink_clsact_add(&nl, lo) && !skep_netlink_clsact_delete(&nl, lo);
	skep_netlink_close(&nl);
	return 0;
}

#define NEED_CLSACT()                                                \
	do {                                                         \
		NEED_NETWORK();                                      \
		NEED(has_clsact, "this kernel has no clsact qdisc"); \
	} while (0)

static struct skep_link *attach(const char *name, const struct skep_tc_opts *opts)
{
	struct skep_error err = { 0 };
	struct skep_link *link = skep_program_attach_tc(fixture_program(name), "lo", opts, &err);

	assert_ok(link, &err);
	return link;
}

static void refuse(const char *name, const struct skep_tc_opts *opts, int code, const char *says)
{
	struct skep_error err = { 0 };
	size_t n_fds = count_fds();

	assert_null(skep_program_attach_tc(fixture_program(name), "lo", opts, &err));
	assert_error_says(&err, says);
	assert_int_equal(err.code, code);
	assert_int_equal(count_fds(), n_fds);
}

/* Whether the interface has a clsact qdisc, seen by trying to make one. */
static bool has_qdisc(void)
{
	uint32_t lo = if_nametoindex("lo");
	struct skep_netlink nl;
	int ret;

	assert_int_equal(skep_netlink_open(&nl), 0);
	ret = skep_netlink_clsact_add(&nl, lo);
	if (!ret)
		skep_netlink_clsact_delete(&nl, lo);
	skep_netlink_close(&nl);
	return ret == -EEXIST;
}

static uint32_t program_of_filter(uint32_t handle, uint16_t priority)
{
	const struct skep_tc_filter filter = { .ifindex = if_nametoindex("lo"),
					       .handle = handle,
					       .priority = priority };
	struct skep_netlink nl;
	uint32_t id;

	assert_int_equal(skep_netlink_open(&nl), 0);
	if (skep_netlink_filter_query(&nl, &filter, &id))
		id = 0;
	skep_netlink_close(&nl);
	return id;
}

static void sees_packets(const char *name, const struct skep_tc_opts *opts, const char *counter)
{
	size_t n_fds = count_fds();

	tc_sees_packets_until_closed(attach(name, opts), counter);
	assert_int_equal(count_fds(), n_fds);
}

static void tc_sees_packets_by_whatever_the_kernel_has(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_NETWORK();
	link = skep_program_attach_tc(fixture_program("on_ingress"), "lo", NULL, &err);
	if (!link && err.code == ENOENT && !has_clsact)
		SKIP_TEST("this kernel has neither tcx nor clsact");
	assert_ok(link, &err);
	skep_link_close(link);
	sees_packets("on_ingress", NULL, "ingress_hits");
	sees_packets("on_egress", NULL, "egress_hits");
}

static void tc_filter_sees_packets_until_it_is_closed(void **state)
{
	struct skep_tc_opts opts = { .size = sizeof(opts), .classic = true };

	(void)state;
	NEED_CLSACT();
	sees_packets("on_ingress", &opts, "ingress_hits");
	assert_false(has_qdisc());
	sees_packets("on_egress", &opts, "egress_hits");
	opts.direction = SKEP_INGRESS;
	sees_packets("on_any", &opts, "plain_hits");
	assert_false(has_qdisc());
}

static void tc_filters_share_a_qdisc_and_leave_none_of_their_own(void **state)
{
	const struct skep_tc_opts opts = { .size = sizeof(opts), .classic = true };
	struct skep_link *in, *out;
	struct skep_netlink nl;

	(void)state;
	NEED_CLSACT();
	in = attach("on_ingress", &opts);
	assert_string_equal(skep_link_label(in), "tc/ingress lo");
	out = attach("on_egress", &opts);
	skep_link_close(out);
	assert_true(has_qdisc());
	skep_link_close(in);
	assert_false(has_qdisc());
	/* One that was there before stays. */
	assert_int_equal(skep_netlink_open(&nl), 0);
	assert_int_equal(skep_netlink_clsact_add(&nl, if_nametoindex("lo")), 0);
	skep_link_close(attach("on_ingress", &opts));
	assert_true(has_qdisc());
	assert_int_equal(skep_netlink_clsact_delete(&nl, if_nametoindex("lo")), 0);
	skep_netlink_close(&nl);
}

static void tc_filters_run_by_priority(void **state)
{
	struct skep_tc_opts opts = { .size = sizeof(opts), .priority = 20 };
	struct skep_link *one, *two;

	(void)state;
	NEED_CLSACT();
	one = attach("on_ingress", &opts);
	opts.priority = 10;
	two = attach("on_other", &opts);
	assert_int_equal(tc_order_of_one_packet(), 21);
	skep_link_close(two);
	opts.priority = 30;
	two = attach("on_other", &opts);
	assert_int_equal(tc_order_of_one_packet(), 12);
	skep_link_close(two);
	skep_link_close(one);
}

static void tc_filter_is_replaced_on_request_and_then_not_taken_away(void **state)
{
	const struct skep_tc_opts first = { .size = sizeof(first), .classic = true };
	struct skep_tc_opts opts = { .size = sizeof(opts), .handle = 7, .priority = 5 };
	struct skep_link *qdisc, *one, *other;
	uint32_t one_id, other_id;

	(void)state;
	NEED_CLSACT();
	qdisc = attach("on_egress", &first);
	one_id = program_id(skep_program_fd(fixture_program("on_ingress")));
	other_id = program_id(skep_program_fd(fixture_program("on_other")));
	one = attach("on_ingress", &opts);
	assert_int_equal(program_of_filter(7, 5), one_id);
	refuse("on_other", &opts, EEXIST, "handle 7 and priority 5");
	opts.replace = true;
	other = attach("on_other", &opts);
	assert_int_equal(program_of_filter(7, 5), other_id);
	skep_link_close(one);
	assert_int_equal(program_of_filter(7, 5), other_id);
	skep_link_close(other);
	assert_int_equal(program_of_filter(7, 5), 0);
	skep_link_close(qdisc);
	assert_false(has_qdisc());
}

static void tc_action_runs_for_all_packets_until_it_is_closed(void **state)
{
	const struct skep_tc_opts opts = { .size = sizeof(opts), .direction = SKEP_INGRESS };
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_CLSACT();
	link = skep_program_attach_tc(fixture_program("on_action"), "lo", &opts, &err);
	if (!link && err.code == ENOENT) {
		assert_error_says(&err, "act_bpf");
		assert_false(has_qdisc());
		SKIP_TEST("this kernel has no act_bpf or cls_matchall");
	}
	assert_ok(link, &err);
	skep_link_close(link);
	sees_packets("on_action", &opts, "act_hits");
	assert_false(has_qdisc());
}

static void tc_is_detached_from_another_namespace(void **state)
{
	const struct skep_tc_opts opts = { .size = sizeof(opts), .handle = 3, .priority = 3 };
	struct skep_link *link;

	(void)state;
	NEED_CLSACT();
	link = attach("on_ingress", &opts);
	assert_true(move_to_other_network());
	skep_link_close(link);
	move_back();
	assert_int_equal(program_of_filter(3, 3), 0);
	assert_false(has_qdisc());
}

static void tc_filters_are_listed(void **state)
{
	struct skep_tc_opts opts = { .size = sizeof(opts), .handle = 2, .priority = 9 };
	struct skep_attached *attached;
	struct skep_error err = { 0 };
	struct skep_link *links[70];

	(void)state;
	NEED_CLSACT();
	for (uint32_t i = 0; i < 70; i++) {
		opts.handle = i + 1;
		links[i] = attach("on_ingress", &opts);
	}
	attached = skep_attached_to_tc("lo", SKEP_INGRESS, &err);
	assert_ok(attached, &err);
	assert_int_equal(attached->n, 70);
	assert_int_equal(attached->programs[69].program_id,
			 program_id(skep_program_fd(fixture_program("on_ingress"))));
	assert_int_equal(attached->programs[69].priority, 9);
	assert_in_range(attached->programs[69].handle, 1, 70);
	skep_attached_free(attached);
	attached = skep_attached_to_tc("lo", SKEP_EGRESS, &err);
	assert_ok(attached, &err);
	assert_int_equal(attached->n, 0);
	skep_attached_free(attached);
	for (int i = 69; i >= 0; i--)
		skep_link_close(links[i]);
	assert_false(has_qdisc());
	attached = skep_attached_to_tc("lo", SKEP_INGRESS, &err);
	assert_ok(attached, &err);
	assert_int_equal(attached->n, 0);
	skep_attached_free(attached);
}

static void tc_filter_stands_under_the_parent_that_is_named(void **state)
{
	struct skep_tc_opts opts = { .size = sizeof(opts), .parent = TC_H_MAKE(1 << 16, 0) };
	struct skep_netlink nl;

	(void)state;
	NEED_CLSACT();
	refuse("on_any", &opts, EINVAL, "interface lo refuses it");
	assert_false(has_qdisc());
	assert_int_equal(skep_netlink_open(&nl), 0);
	assert_int_equal(skep_netlink_clsact_add(&nl, if_nametoindex("lo")), 0);
	opts.parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS);
	sees_packets("on_any", &opts, "plain_hits");
	assert_true(has_qdisc());
	assert_int_equal(skep_netlink_clsact_delete(&nl, if_nametoindex("lo")), 0);
	skep_netlink_close(&nl);
}

static void tc_that_cannot_be_is_told(void **state)
{
	struct skep_tc_opts opts = { .size = sizeof(opts), .priority = 1 };
	struct skep_error err = { 0 };

	(void)state;
	NEED_NETWORK();
	opts.at.order = SKEP_ORDER_FIRST;
	refuse("on_ingress", &opts, EINVAL, "ordered by their priority");
	opts = (struct skep_tc_opts){ .size = sizeof(opts), .replace = true };
	refuse("on_ingress", &opts, EINVAL, "by its handle and priority");
	refuse("on_any", NULL, EINVAL, "set the direction");
	opts.replace = false;
	opts.classic = true;
	assert_null(
		skep_program_attach_tc(fixture_program("on_ingress"), "no_such_if0", &opts, &err));
	assert_error_says(&err, "no interface 'no_such_if0'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tc_sees_packets_by_whatever_the_kernel_has),
		cmocka_unit_test(tc_filter_sees_packets_until_it_is_closed),
		cmocka_unit_test(tc_filters_share_a_qdisc_and_leave_none_of_their_own),
		cmocka_unit_test(tc_filters_run_by_priority),
		cmocka_unit_test(tc_filter_is_replaced_on_request_and_then_not_taken_away),
		cmocka_unit_test(tc_action_runs_for_all_packets_until_it_is_closed),
		cmocka_unit_test(tc_is_detached_from_another_namespace),
		cmocka_unit_test(tc_filters_are_listed),
		cmocka_unit_test(tc_filter_stands_under_the_parent_that_is_named),
		cmocka_unit_test(tc_that_cannot_be_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, fixture_teardown);
}
