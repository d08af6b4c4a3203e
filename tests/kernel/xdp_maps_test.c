// SPDX-License-Identifier: MIT
/* XDP programs that run in maps: on the way out of a device, and on another CPU. */
#include "kernel/net_rig.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <unistd.h>

static bool has_pairs;

static int setup(void **state)
{
	net_setup(state);
	has_pairs = is_in_own_network() && !make_pair("veth", "skepa", "skepb") &&
		    !make_pair("veth", "skepc", "skepd");
	return 0;
}

static void send_one(void)
{
	uint8_t frame[64] = { 0 };

	get_mac("skepb", frame);
	get_mac("skepa", frame + 6);
	frame[12] = 0x88; /* an experimental protocol: IEEE 802, 0x88b5 */
	frame[13] = 0xb5;
	send_frame("skepa", frame, sizeof(frame));
}

static bool comes(const char *counter, uint64_t before)
{
	for (int i = 0; i < 100 && fixture_value(counter) == before; i++) {
		send_one();
		usleep(10000);
	}
	return fixture_value(counter) > before;
}

static void runs_in_map(const char *redirect, const char *name, const char *map, uint32_t target,
			const char *counter)
{
	const struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_NATIVE };
	const struct skep_program *program = net_load(redirect, name);
	struct skep_error err = { 0 };
	struct skep_link *link, *end;
	uint32_t value[2] = { target, 0 }, key = 0;

	value[1] = (uint32_t)skep_program_fd(fixture_program(name));
	assert_ok(!skep_map_update(fixture_map(map), &key, value, 0, &err), &err);
	assert_ok(!skep_map_lookup(fixture_map(map), &key, value, &err), &err);
	assert_int_equal(value[1], program_id(skep_program_fd(fixture_program(name))));
	link = skep_program_attach_xdp(program, "skepb", &opts, &err);
	assert_ok(link, &err);
	/* A veth takes redirected packets only if its other end runs XDP. */
	end = skep_program_attach_xdp(program, "skepd", &opts, &err);
	assert_ok(end, &err);
	assert_true(comes(counter, 0));
	skep_link_close(link);
	skep_link_close(end);
	usleep(20000);
	value[1] = (uint32_t)fixture_value(counter);
	send_one();
	usleep(20000);
	assert_int_equal(fixture_value(counter), value[1]);
	fixture_leave();
}

#define NEED_PAIRS()                                               \
	do {                                                       \
		NEED_NETWORK();                                    \
		NEED(has_pairs, "no veth pairs can be made here"); \
	} while (0)

static void xdp_program_in_a_devmap_sees_what_leaves_by_it(void **state)
{
	(void)state;
	NEED_PAIRS();
	runs_in_map("on_redirect", "on_device", "devices", if_nametoindex("skepc"), "devmap_hits");
}

static void xdp_program_in_a_cpumap_runs_on_its_cpu(void **state)
{
	(void)state;
	NEED_PAIRS();
	runs_in_map("on_spread", "on_cpu", "cpus", 64, "cpumap_hits");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xdp_program_in_a_devmap_sees_what_leaves_by_it),
		cmocka_unit_test(xdp_program_in_a_cpumap_runs_on_its_cpu),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, NULL);
}
