// SPDX-License-Identifier: MIT
/* Traffic control by bpf_link, on the loopback of a network namespace of its own. */
#include "kernel/tc_support.h"

#include <errno.h>
#include <net/if.h>
#include <unistd.h>

#include "base/uapi.h"

static bool has_tcx;

static int setup(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	if (!tc_load())
		return 0;
	link = skep_program_attach_tcx(fixture_program("on_egress"), "lo", NULL, &err);
	has_tcx = link || err.code != ENOTSUP;
	skep_link_close(link);
	return 0;
}

#define NEED_TCX()                                       \
	do {                                             \
		NEED_NETWORK();                          \
		NEED(has_tcx, "this kernel has no tcx"); \
	} while (0)

static struct skep_link *attach(const char *name, const struct skep_tcx_opts *opts)
{
	struct skep_error err = { 0 };
	struct skep_link *link = skep_program_attach_tcx(fixture_program(name), "lo", opts, &err);

	assert_ok(link, &err);
	return link;
}

static void refuse(const char *name, const struct skep_tcx_opts *opts, int code, const char *says)
{
	struct skep_error err = { 0 };

	assert_null(skep_program_attach_tcx(fixture_program(name), "lo", opts, &err));
	assert_error_says(&err, says);
	assert_int_equal(err.code, code);
}

static void sees_packets(const char *name, const struct skep_tcx_opts *opts, const char *counter,
			 const char *label)
{
	struct skep_link *link = attach(name, opts);

	assert_string_equal(skep_link_label(link), label);
	assert_true(skep_link_fd(link) > 2);
	tc_sees_packets_until_closed(link, counter);
}

static void tcx_sees_packets_of_its_direction_until_it_is_closed(void **state)
{
	const struct skep_tcx_opts in = { .size = sizeof(in), .direction = SKEP_INGRESS };
	const struct skep_tcx_opts out = { .size = sizeof(out), .direction = SKEP_EGRESS };

	(void)state;
	NEED_TCX();
	sees_packets("on_ingress", NULL, "ingress_hits", "tcx/ingress lo");
	sees_packets("on_egress", NULL, "egress_hits", "tcx/egress lo");
	sees_packets("on_any", &in, "plain_hits", "tcx/ingress lo");
	sees_packets("on_any", &out, "plain_hits", "tcx/egress lo");
	sees_packets("on_ingress", &out, "ingress_hits", "tcx/egress lo");
}

static void expect_order(const struct skep_anchor *at, uint64_t order)
{
	struct skep_tcx_opts opts = { .size = sizeof(opts), .at = *at };
	struct skep_link *link = attach("on_other", &opts);

	assert_int_equal(tc_order_of_one_packet(), order);
	skep_link_close(link);
}

static void tcx_programs_run_in_the_order_that_is_asked_for(void **state)
{
	struct skep_anchor at = { 0 };
	struct skep_link *first;
	int fd;

	(void)state;
	NEED_TCX();
	first = attach("on_ingress", NULL);
	fd = skep_program_fd(fixture_program("on_ingress"));
	expect_order(&at, 12);
	at.order = SKEP_ORDER_FIRST;
	expect_order(&at, 21);
	at = (struct skep_anchor){ .order = SKEP_ORDER_BEFORE, .program_fd = fd };
	expect_order(&at, 21);
	at = (struct skep_anchor){ .order = SKEP_ORDER_BEFORE, .program_id = program_id(fd) };
	expect_order(&at, 21);
	at = (struct skep_anchor){ .order = SKEP_ORDER_BEFORE, .link_fd = skep_link_fd(first) };
	expect_order(&at, 21);
	at = (struct skep_anchor){ .order = SKEP_ORDER_AFTER,
				   .link_id = link_id(skep_link_fd(first)) };
	expect_order(&at, 12);
	skep_link_close(first);
}

static void tcx_tells_what_is_attached_and_its_revision(void **state)
{
	struct skep_tcx_opts opts = { .size = sizeof(opts) };
	struct skep_attached *attached;
	struct skep_error err = { 0 };
	struct skep_link *one, *two;

	(void)state;
	NEED_TCX();
	one = attach("on_ingress", NULL);
	attached = skep_attached_to_interface("lo", SKEP_TCX_INGRESS, &err);
	assert_ok(attached, &err);
	opts.at.expected_revision = attached->revision;
	skep_attached_free(attached);
	two = attach("on_other", &opts);
	attached = skep_attached_to_interface("lo", SKEP_TCX_INGRESS, &err);
	assert_ok(attached, &err);
	assert_int_equal(attached->revision, opts.at.expected_revision + 1);
	assert_int_equal(attached->n, 2);
	assert_int_equal(attached->programs[0].program_id,
			 program_id(skep_program_fd(fixture_program("on_ingress"))));
	assert_int_equal(attached->programs[0].link_id, link_id(skep_link_fd(one)));
	assert_int_equal(attached->programs[1].link_id, link_id(skep_link_fd(two)));
	skep_attached_free(attached);
	skep_link_close(two);
	skep_link_close(one);
	attached = skep_attached_to_interface("lo", SKEP_TCX_INGRESS, &err);
	assert_ok(attached, &err);
	assert_int_equal(attached->n, 0);
	skep_attached_free(attached);
}

static void tcx_orders_that_cannot_be_are_told(void **state)
{
	struct skep_tcx_opts opts = { .size = sizeof(opts), .at.order = SKEP_ORDER_AFTER };
	struct skep_link *link;

	(void)state;
	NEED_TCX();
	refuse("on_ingress", &opts, EINVAL, "give one of program_fd");
	opts.at.program_fd = skep_program_fd(fixture_program("on_other"));
	refuse("on_ingress", &opts, ENOENT, "what it is to stand after is not attached to tcx");
	opts.at.order = SKEP_ORDER_FIRST;
	refuse("on_ingress", &opts, EINVAL, "is not relative");
	opts.at.program_fd = -1;
	refuse("on_ingress", &opts, EBADF, "has no fd");
	link = attach("on_ingress", NULL);
	refuse("on_ingress", NULL, EEXIST, "attached to tcx/ingress of interface lo already");
	opts = (struct skep_tcx_opts){ .size = sizeof(opts), .at.expected_revision = 1 };
	refuse("on_other", &opts, ESTALE, "has changed since revision 1");
	skep_link_close(link);
}

static void tcx_without_a_direction_or_an_interface_is_told(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	NEED_NETWORK();
	refuse("on_any", NULL, EINVAL, "set the direction");
	refuse("on_action", NULL, EINVAL, "cannot be attached to tcx of a network interface");
	assert_null(
		skep_program_attach_tcx(fixture_program("on_ingress"), "no_such_if0", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no interface 'no_such_if0'");
	assert_null(skep_program_attach_tcx(NULL, "lo", NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_null(skep_program_attach_tcx(fixture_program("on_ingress"), NULL, NULL, &err));
	assert_int_equal(err.code, ENOENT);
	if (has_tcx)
		return;
	refuse("on_ingress", NULL, ENOTSUP, "this kernel does not have tcx/ingress");
	assert_null(skep_attached_to_interface("lo", SKEP_TCX_INGRESS, &err));
	assert_int_equal(err.code, ENOTSUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcx_sees_packets_of_its_direction_until_it_is_closed),
		cmocka_unit_test(tcx_programs_run_in_the_order_that_is_asked_for),
		cmocka_unit_test(tcx_tells_what_is_attached_and_its_revision),
		cmocka_unit_test(tcx_orders_that_cannot_be_are_told),
		cmocka_unit_test(tcx_without_a_direction_or_an_interface_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, fixture_teardown);
}
