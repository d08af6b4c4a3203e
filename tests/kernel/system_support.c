// SPDX-License-Identifier: MIT
#include "kernel/system_support.h"

struct loaded load_fixture(const char *fixture)
{
	struct loaded l = { .spec = open_fixture(fixture) };

	l.object = load_spec(l.spec);
	l.fd = skep_program_fd(skep_object_program_at(l.object, 0));
	return l;
}

void unload_fixture(struct loaded *l)
{
	skep_object_close(l->object);
	skep_spec_free(l->spec);
}
