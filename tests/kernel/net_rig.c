// SPDX-License-Identifier: MIT
#include "kernel/net_rig.h"

#include <errno.h>

static struct skep_spec *spec;
static struct skep_object *object;

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

	spec = open_fixture("link_net");
	for (size_t i = 0; i < spec->n_programs; i++) {
		const char *name = spec->programs[i]->name;

		spec->programs[i]->load = !strcmp(name, program) || (other && !strcmp(name, other));
	}
	object = skep_object_load(spec, &opts, &err);
	if (!object && err.code == ENOTSUP) {
		net_unload();
		return NULL;
	}
	assert_ok(object, &err);
	return net_program(program);
}

const struct skep_program *net_program(const char *program)
{
	return skep_object_program(object, program);
}

const struct skep_map *net_map(const char *name)
{
	return skep_object_map(object, name);
}

uint64_t net_hits(const char *counter)
{
	return global_value(object, counter);
}

void net_set(const char *global, uint64_t value)
{
	struct skep_error err = { 0 };
	size_t size;
	uint64_t *at = skep_object_global(object, global, &size, &err);

	assert_ok(at, &err);
	*at = value;
}

void net_unload(void)
{
	skep_object_close(object);
	skep_spec_free(spec);
	object = NULL;
	spec = NULL;
}
