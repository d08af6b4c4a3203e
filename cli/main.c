// SPDX-License-Identifier: MIT
#include "cli/cli.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <skep/version.h>

#include "base/error.h"
#include "cli/build_info.h"
#include "stream/sink.h"

/* One a line, by name. */
/* clang-format off */
static const struct command *const commands[] = {
	&command_build,
	&command_check,
	&command_doctor,
	&command_explain,
	&command_gen,
	&command_inspect,
	&command_log,
	&command_new,
	&command_replay,
	&command_run,
	&command_test,
	&command_top,
	&command_trace,
};
/* clang-format on */

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void help(FILE *out)
{
	fputs("skep builds, loads, runs and watches eBPF programs.\n\n"
	      "usage: skep COMMAND [OPTIONS]\n\n",
	      out);
	for (size_t i = 0; i < N_COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n"
	      "  skep COMMAND --help     options of a command\n"
	      "  skep --version [-v]     version; with -v, what is built in\n\n"
	      "exit codes: 0 done, 1 failed, 2 wrong use, 3 not possible on this kernel or without\n"
	      "the rights\n",
	      out);
}

static void version(bool verbose)
{
	printf("skep %s\n", skep_version());
	if (!verbose)
		return;
	fputs(SKEP_BUILD_INFO, stdout);
	for (size_t i = 0; skep_sink_types[i]; i++)
		printf("%s%s", i ? ", " : "outputs    ", skep_sink_types[i]->name);
	putchar('\n');
}

static int unknown_command(const char *name)
{
	struct skep_error err = { 0 };

	skep_error_set(&err, SKEP_STAGE_USAGE, EINVAL, "'%s' is not a command", name);
	skep_error_add_hint(&err, "see 'skep help'");
	return cli_fail(&err);
}

/*
 * What is opened later must not become somebody's stdout. Reads find nothing and writes fail; a
 * command that is started finds them closed again.
 */
static void occupy_standard_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	occupy_standard_fds();
	if (!name) {
		help(stderr);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i]->main(argc - 1, argv + 1);
	if (!strcmp(name, "help") || !strcmp(name, "--help") || !strcmp(name, "-h")) {
		help(stdout);
		return EXIT_OK;
	}
	if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
		version(argc > 2 && !strcmp(argv[2], "-v"));
		return EXIT_OK;
	}
	return unknown_command(name);
}
