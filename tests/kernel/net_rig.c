// SPDX-License-Identifier: MIT
#include "kernel/net_rig.h"

#include <errno.h>

int net_setup(void **state)
{
	(void)state;
	if (bpf_is_allowed())
		enter_own_network();
	return 0;
}

const struct skep_program *net_load(const char *program, const char *other)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	struct skep_error err = { 0 };

	only_programs(fixture_open("link_net"), program, other);
	if (fixture_try_to_load(&opts, &err))
		return fixture_program(program);
	if (err.code != ENOTSUP)
		assert_ok(false, &err);
	return NULL;
}
