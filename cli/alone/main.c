// SPDX-License-Identifier: MIT
/*
 * What `skep build --format standalone` puts a package behind: an executable that runs it, linked
 * statically, without clang, databases, servers and all other commands.
 */
#include <string.h>

#include "cli/run/run.h"

int main(int argc, char **argv)
{
	const char *slash = argc ? strrchr(argv[0], '/') : NULL;
	const struct command command = {
		.name = argc ? (slash ? slash + 1 : argv[0]) : "runner",
		.usage = "[--NAME VALUE]... [-o KIND[:TARGET]]... [-d SECONDS] [-- COMMAND]",
		.summary = "loads and attaches its programs and prints their records",
		.text = "COMMAND starts when everything is attached, and its end ends the run. What\n"
			"programs log is printed on stderr, and the last line there counts the records\n"
			"and the losses.",
		.is_alone = true,
	};

	return run_main(&command, "/proc/self/exe", argc, argv);
}
