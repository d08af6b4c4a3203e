// SPDX-License-Identifier: MIT
#include "kernel/fixture.h"

static struct skep_spec *spec;
static struct skep_object *object;

struct skep_spec *fixture_open(const char *name)
{
	spec = open_fixture(name);
	return spec;
}

struct skep_spec *fixture_open_one(const char *name, const char *program, const char *target)
{
	int ret = 0;

	fixture_open(name);
	only_program(spec, program);
	if (target)
		ret = skep_program_spec_target(spec, skep_spec_program(spec, program), target);
	assert_int_equal(ret, 0);
	return spec;
}

struct skep_object *fixture_load(void)
{
	object = load_spec(spec);
	return object;
}

struct skep_object *fixture_try_to_load(const struct skep_object_opts *opts, struct skep_error *err)
{
	object = skep_object_load(spec, opts, err);
	if (!object)
		fixture_leave();
	return object;
}

struct skep_program *fixture_load_one(const char *name, const char *program, const char *target)
{
	fixture_open_one(name, program, target);
	fixture_load();
	return fixture_program(program);
}

struct skep_spec *fixture_spec(void)
{
	return spec;
}

struct skep_object *fixture_object(void)
{
	return object;
}

struct skep_program *fixture_program(const char *name)
{
	return skep_object_program(object, name);
}

struct skep_map *fixture_map(const char *name)
{
	return skep_object_map(object, name);
}

uint64_t fixture_value(const char *global)
{
	return global_value(object, global);
}

void fixture_set(const char *global, uint64_t value)
{
	struct skep_error err = { 0 };
	size_t size = 0;
	volatile uint64_t *at = skep_object_global(object, global, &size, &err);

	assert_ok(at, &err);
	assert_int_equal(size, sizeof(*at));
	*at = value;
}

void fixture_leave(void)
{
	skep_object_close(object);
	skep_spec_free(spec);
	object = NULL;
	spec = NULL;
}

int fixture_teardown(void **state)
{
	(void)state;
	fixture_leave();
	return 0;
}
