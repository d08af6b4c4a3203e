// SPDX-License-Identifier: MIT
#include "kernel/net_rig.h"

#include <errno.h>

static void flow_dissector_runs_until_it_is_closed(void **state)
{
	const struct skep_program *program;
	struct skep_error err = { 0 };
	struct skep_link *asks, *link;
	uint64_t seen;

	(void)state;
	NEED_NETWORK();
	program = net_load("on_dissect", "on_hash");
	asks = skep_program_attach_tc(fixture_program("on_hash"), "lo", NULL, &err);
	if (!asks) {
		fixture_leave();
		SKIP_TEST("nothing here asks for flows: %s", err.cause);
	}
	link = skep_program_attach_netns(program, NULL, &err);
	assert_ok(link, &err);
	send_packets(5);
	assert_true(fixture_value("hash_hits") >= 5);
	seen = fixture_value("dissector_hits");
	assert_true(seen >= 5);
	skep_link_close(link);
	send_packets(5);
	assert_int_equal(fixture_value("dissector_hits"), seen);
	skep_link_close(asks);
	fixture_leave();
}

static void netns_tells_what_is_attached(void **state)
{
	const struct skep_program *program;
	struct skep_error err = { 0 };
	struct skep_attached *attached;
	struct skep_link *link;

	(void)state;
	NEED_NETWORK();
	program = net_load("on_dissect", NULL);
	link = skep_program_attach_netns(program, NULL, &err);
	assert_ok(link, &err);
	attached = skep_attached_to_netns(NULL, BPF_FLOW_DISSECTOR, &err);
	assert_ok(attached, &err);
	assert_int_equal(attached->n, 1);
	assert_int_equal(attached->programs[0].program_id, program_id(skep_program_fd(program)));
	skep_attached_free(attached);
	assert_null(skep_program_attach_netns(program, NULL, &err));
	assert_int_equal(err.code, EEXIST);
	skep_link_close(link);
	attached = skep_attached_to_netns(NULL, BPF_FLOW_DISSECTOR, &err);
	assert_ok(attached, &err);
	assert_int_equal(attached->n, 0);
	skep_attached_free(attached);
	assert_null(skep_program_attach_netns(program, "/proc/self/ns/mnt", &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "/proc/self/ns/mnt is no file of a network namespace");
	assert_null(skep_program_attach_netns(program, "/no/such", &err));
	assert_error_says(&err, "network namespace /no/such cannot be opened");
	assert_null(skep_attached_to_netns("/no/such", BPF_FLOW_DISSECTOR, &err));
	assert_int_equal(err.code, ENOENT);
	fixture_leave();
}

static void netns_with_as_many_programs_as_may_be_is_told(void **state)
{
	struct skep_link *links[100] = { NULL };
	const struct skep_program *program;
	struct skep_error err = { 0 };
	size_t n = 0;

	(void)state;
	NEED_NETWORK();
	program = fixture_load_one("link_life", "on_lookup", NULL);
	while (n < 100 && (links[n] = skep_program_attach_netns(program, NULL, &err)))
		n++;
	assert_int_equal(n, 64);
	assert_int_equal(err.code, E2BIG);
	assert_error_says(&err, "has as many programs as the kernel allows");
	while (n--)
		skep_link_close(links[n]);
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flow_dissector_runs_until_it_is_closed),
		cmocka_unit_test(netns_tells_what_is_attached),
		cmocka_unit_test(netns_with_as_many_programs_as_may_be_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, net_setup, NULL);
}
