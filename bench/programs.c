// SPDX-License-Identifier: MIT
/* Loads the programs of an object many times, and keeps them until its input ends. */
#include <stdio.h>
#include <stdlib.h>

#include <skep/skep.h>

static int load(const char *path)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = skep_spec_open(path, NULL, &err);

	if (spec && skep_object_load(spec, NULL, &err))
		return 0;
	skep_error_print(&err, stderr);
	return 1;
}

int main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[2]) : 1;

	for (int i = 0; i < n && argc > 1; i++)
		if (load(argv[1]))
			return 1;
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
