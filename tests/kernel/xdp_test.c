// SPDX-License-Identifier: MIT
/* XDP in a network namespace of the test's own: its loopback, and a veth pair. */
#include "kernel/net_support.h"
#include "kernel/probe_support.h"

#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <unistd.h>

#include "kernel/netlink.h"
#include "kernel/netlink_xdp.h"

static int setup(void **state)
{
	(void)state;
	if (!bpf_is_allowed())
		return 0;
	enter_own_network();
	load_hook("load_links", "on_xdp");
	return 0;
}

static struct skep_program *program(void)
{
	return fixture_program("on_xdp");
}

static uint64_t hits(void)
{
	return fixture_value("xdp_hits");
}

/* What runs on the loopback: a program's id, or 0. */
static uint32_t on_loopback(void)
{
	struct skep_xdp_state state;
	struct skep_netlink nl;

	assert_int_equal(skep_netlink_open(&nl), 0);
	assert_int_equal(skep_netlink_xdp_query(&nl, if_nametoindex("lo"), &state), 0);
	skep_netlink_close(&nl);
	return state.prog_id;
}

static void xdp_sees_packets_until_it_is_closed(void **state)
{
	const struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_GENERIC };
	struct skep_error err = { 0 };
	struct skep_link *link;
	uint64_t before;

	(void)state;
	NEED_NETWORK();
	link = skep_program_attach_xdp(program(), "lo", &opts, &err);
	assert_ok(link, &err);
	assert_string_equal(skep_link_label(link), "xdp lo");
	assert_int_equal(on_loopback(), program_id(skep_program_fd(program())));
	before = hits();
	send_packets(10);
	assert_true(hits() >= before + 10);
	skep_link_close(link);
	assert_int_equal(on_loopback(), 0);
	before = hits();
	send_packets(10);
	assert_int_equal(hits(), before);
}

static void xdp_on_an_unknown_interface_names_it(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	assert_null(skep_program_attach_xdp(program(), "no_such_if0", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no interface 'no_such_if0'");
}

static void xdp_on_a_busy_interface_names_who_holds_it(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;
	char holder[64];

	(void)state;
	NEED_NETWORK();
	link = skep_program_attach_xdp(program(), "lo", NULL, &err);
	assert_ok(link, &err);
	assert_null(skep_program_attach_xdp(program(), "lo", NULL, &err));
	assert_int_equal(err.code, EBUSY);
	snprintf(holder, sizeof(holder), "XDP program %u 'on_xdp'",
		 program_id(skep_program_fd(program())));
	assert_error_says(&err, holder);
	skep_link_close(link);
}

/* As programs from before bpf_link do. */
static void set_without_link(int fd)
{
	struct skep_netlink nl;

	assert_int_equal(skep_netlink_open(&nl), 0);
	assert_int_equal(
		skep_netlink_xdp_set(&nl, if_nametoindex("lo"), fd, -1, XDP_FLAGS_SKB_MODE), 0);
	skep_netlink_close(&nl);
}

static void xdp_takes_the_place_of_a_program_on_request_only(void **state)
{
	struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_GENERIC };
	struct skep_error err = { 0 };
	struct skep_object *other;
	struct skep_link *link;

	(void)state;
	NEED_NETWORK();
	other = load_spec(fixture_spec());
	set_without_link(skep_program_fd(skep_object_program(other, "on_xdp")));
	assert_null(skep_program_attach_xdp(program(), "lo", &opts, &err));
	assert_int_equal(err.code, EBUSY);
	opts.replace = true;
	link = skep_program_attach_xdp(program(), "lo", &opts, &err);
	assert_ok(link, &err);
	assert_int_equal(on_loopback(), program_id(skep_program_fd(program())));
	skep_link_close(link);
	assert_int_equal(on_loopback(), 0);
	skep_object_close(other);
}

static void xdp_takes_the_place_of_the_expected_program_only(void **state)
{
	struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_GENERIC };
	struct skep_error err = { 0 };
	struct skep_object *other;
	struct skep_link *link;
	uint32_t id;
	char says[64];

	(void)state;
	NEED_NETWORK();
	other = load_spec(fixture_spec());
	id = program_id(skep_program_fd(skep_object_program(other, "on_xdp")));
	opts.expected_id = id;
	assert_null(skep_program_attach_xdp(program(), "lo", &opts, &err));
	assert_int_equal(err.code, ESTALE);
	assert_error_says(&err, "interface lo runs XDP program none, and not");
	set_without_link(skep_program_fd(skep_object_program(other, "on_xdp")));
	opts.expected_id = id + 1;
	assert_null(skep_program_attach_xdp(program(), "lo", &opts, &err));
	assert_int_equal(err.code, ESTALE);
	snprintf(says, sizeof(says), "interface lo runs XDP program %u", id);
	assert_error_says(&err, says);
	assert_int_equal(on_loopback(), id);
	opts.expected_id = id;
	link = skep_program_attach_xdp(program(), "lo", &opts, &err);
	assert_ok(link, &err);
	assert_int_equal(on_loopback(), program_id(skep_program_fd(program())));
	skep_link_close(link);
	assert_int_equal(on_loopback(), 0);
	skep_object_close(other);
}

static void xdp_that_another_replaced_is_left_alone(void **state)
{
	struct skep_xdp_opts opts = { .size = sizeof(opts),
				      .mode = SKEP_XDP_GENERIC,
				      .replace = true };
	struct skep_error err = { 0 };
	struct skep_object *other;
	struct skep_link *first, *second;

	(void)state;
	NEED_NETWORK();
	other = load_spec(fixture_spec());
	set_without_link(skep_program_fd(skep_object_program(other, "on_xdp")));
	first = skep_program_attach_xdp(program(), "lo", &opts, &err);
	assert_ok(first, &err);
	second = skep_program_attach_xdp(skep_object_program(other, "on_xdp"), "lo", &opts, &err);
	assert_ok(second, &err);
	skep_link_close(first);
	assert_int_equal(on_loopback(),
			 program_id(skep_program_fd(skep_object_program(other, "on_xdp"))));
	skep_link_close(second);
	assert_int_equal(on_loopback(), 0);
	skep_object_close(other);
}

static void xdp_tells_what_is_attached_and_how(void **state)
{
	const struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_GENERIC };
	struct skep_error err = { 0 };
	struct skep_attached *attached;
	struct skep_link *link;

	(void)state;
	NEED_NETWORK();
	link = skep_program_attach_xdp(program(), "lo", &opts, &err);
	assert_ok(link, &err);
	attached = skep_attached_to_interface("lo", BPF_XDP, &err);
	assert_ok(attached, &err);
	assert_int_equal(attached->n, 1);
	assert_int_equal(attached->programs[0].program_id, program_id(skep_program_fd(program())));
	assert_int_equal(attached->programs[0].flags, XDP_ATTACHED_SKB);
	skep_attached_free(attached);
	skep_link_close(link);
	attached = skep_attached_to_interface("lo", BPF_XDP, &err);
	assert_ok(attached, &err);
	assert_int_equal(attached->n, 0);
	skep_attached_free(attached);
	assert_null(skep_attached_to_interface("no_such_if0", BPF_XDP, &err));
	assert_int_equal(err.code, ENOENT);
}

static void xdp_in_a_card_that_cannot_be_is_told(void **state)
{
	const struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_OFFLOAD };
	struct skep_error err = { 0 };

	(void)state;
	NEED_NETWORK();
	assert_null(skep_program_attach_xdp(program(), "lo", &opts, &err));
	assert_error_says(&err, "lo");
	assert_error_says(&err, "loaded for it");
}

static void xdp_mode_that_a_driver_lacks_is_told(void **state)
{
	const struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_NATIVE };
	struct skep_error err = { 0 };

	(void)state;
	NEED_NETWORK();
	assert_null(skep_program_attach_xdp(program(), "lo", &opts, &err));
	assert_error_says(&err, "lo");
	assert_error_says(&err, "ask for generic");
	assert_int_equal(on_loopback(), 0);
}

static void xdp_runs_in_the_driver_of_a_veth(void **state)
{
	const struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_NATIVE };
	struct skep_error err = { 0 };
	struct skep_link *link;
	uint64_t before;

	(void)state;
	NEED_NETWORK();
	if (make_pair("veth", "skepa", "skepb"))
		SKIP_TEST("no veth pair can be made here");
	link = skep_program_attach_xdp(program(), "skepb", &opts, &err);
	assert_ok(link, &err);
	before = hits();
	/* The first packets are the kernel's own: each interface announces its address. */
	for (int i = 0; i < 300 && hits() == before; i++)
		usleep(10000);
	assert_true(hits() > before);
	skep_link_close(link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xdp_sees_packets_until_it_is_closed),
		cmocka_unit_test(xdp_on_an_unknown_interface_names_it),
		cmocka_unit_test(xdp_on_a_busy_interface_names_who_holds_it),
		cmocka_unit_test(xdp_takes_the_place_of_a_program_on_request_only),
		cmocka_unit_test(xdp_takes_the_place_of_the_expected_program_only),
		cmocka_unit_test(xdp_that_another_replaced_is_left_alone),
		cmocka_unit_test(xdp_tells_what_is_attached_and_how),
		cmocka_unit_test(xdp_in_a_card_that_cannot_be_is_told),
		cmocka_unit_test(xdp_mode_that_a_driver_lacks_is_told),
		cmocka_unit_test(xdp_runs_in_the_driver_of_a_veth),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, fixture_teardown);
}
