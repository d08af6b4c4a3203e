// SPDX-License-Identifier: MIT
/* Where a package comes from: a path, stdin, a URL. */
#include <string.h>
#include <unistd.h>

#include "cli/run/run.h"

int run_read(struct skep_package *package, const char *ref, enum skep_package_form form,
	     struct skep_error *err)
{
	struct skep_package_read_opts opts = { .form = form };

	if (!strcmp(ref, "-")) {
		opts.path = "stdin";
		return skep_package_read_fd(package, STDIN_FILENO, &opts, err);
	}
	return skep_package_open(package, ref, &opts, err);
}
