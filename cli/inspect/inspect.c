// SPDX-License-Identifier: MIT
/* skep inspect: what BPF there is in the kernel. */
#include "cli/inspect/inspect.h"
#include "cli/verbs.h"

static int command_inspect_main(int argc, char **argv);

const struct command command_inspect = {
	.name = "inspect",
	.usage = "VERB [ARGS]",
	.summary = "look at programs, maps, links and types in the kernel",
	.main = command_inspect_main,
};

static const struct command *const verbs[] = {
	&inspect_prog, &inspect_map, &inspect_link, &inspect_btf, &inspect_tree, NULL,
};

static int command_inspect_main(int argc, char **argv)
{
	return verbs_main(&command_inspect, verbs, argc, argv);
}
