// SPDX-License-Identifier: MIT
#include "kernel/tc_support.h"

bool tc_load(void)
{
	struct skep_spec *spec;

	if (!bpf_is_allowed() || !enter_own_network())
		return false;
	spec = fixture_open("link_tc");
	for (size_t i = 0; i < spec->n_programs; i++)
		spec->programs[i]->load = strncmp(spec->programs[i]->section, "netkit/", 7) != 0;
	fixture_load();
	return true;
}

void tc_sees_packets_until_closed(struct skep_link *link, const char *counter)
{
	uint64_t before = fixture_value(counter);

	send_packets(10);
	assert_true(fixture_value(counter) >= before + 10);
	skep_link_close(link);
	before = fixture_value(counter);
	send_packets(5);
	assert_int_equal(fixture_value(counter), before);
}

uint64_t tc_order_of_one_packet(void)
{
	send_packets(1);
	return fixture_value("order");
}
