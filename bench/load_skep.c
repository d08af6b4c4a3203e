// SPDX-License-Identifier: MIT
#include <skep/skep.h>

#include "load.h"

/* What it loads lives as long as the process. */
static bool load(const char *path)
{
	struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	struct skep_error err = { 0 };
	struct skep_spec *spec = skep_spec_open(path, NULL, &err);
	struct skep_object *object = spec ? skep_object_load(spec, &opts, &err) : NULL;

	if (!object)
		skep_error_print(&err, stderr);
	return object;
}

int main(int argc, char **argv)
{
	return load_and_report(argc, argv, load);
}
