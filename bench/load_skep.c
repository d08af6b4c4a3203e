// SPDX-License-Identifier: MIT
#include <skep/skep.h>

#include "load.h"

int main(int argc, char **argv)
{
	struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	int64_t start = now_ns(CLOCK_MONOTONIC);
	struct skep_error err = { 0 };
	struct skep_spec *spec = argc > 1 ? skep_spec_open(argv[1], NULL, &err) : NULL;
	struct skep_object *object = spec ? skep_object_load(spec, &opts, &err) : NULL;

	if (!object) {
		skep_error_print(&err, stderr);
		return 1;
	}
	report_load(start);
	skep_object_close(object);
	skep_spec_free(spec);
	return 0;
}
