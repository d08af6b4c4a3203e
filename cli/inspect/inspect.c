// SPDX-License-Identifier: MIT
/* skep inspect: what BPF there is in the kernel. */
#include "cli/inspect/inspect.h"

#include <errno.h>

#include "base/error.h"
#include "cli/verbs.h"

static int command_inspect_main(int argc, char **argv);

const struct command command_inspect = {
	.name = "inspect",
	.usage = "VERB [ARGS]",
	.summary = "look at programs, maps, links and types in the kernel",
	.main = command_inspect_main,
};

static const struct command *const verbs[] = {
	&inspect_prog,	     &inspect_prog_dump,  &inspect_map,
	&inspect_link,	     &inspect_btf,	  &inspect_btf_dump,
	&inspect_tree,	     &inspect_map_dump,	  &inspect_map_lookup,
	&inspect_map_next,   &inspect_map_update, &inspect_map_delete,
	&inspect_map_push,   &inspect_map_pop,	  &inspect_map_peek,
	&inspect_map_freeze, &inspect_map_create, &inspect_pin,
	&inspect_unpin,	     &inspect_detach,	  &inspect_net,
	&inspect_cgroup,     &inspect_perf,	  &inspect_struct_ops,
	&inspect_feature,    &inspect_token,	  &inspect_iter,
	&inspect_log,	     &inspect_batch,	  NULL,
};

int inspect_end(struct table *t, struct skep_error *err)
{
	return table_end(t) ? skep_error_set(err, SKEP_STAGE_DELIVER, EIO, "it was not printed") :
			      0;
}

static int check_words(const struct command *command, const struct option_args *args, size_t least,
		       size_t most, struct skep_error *err)
{
	if (args->n_words >= least && args->n_words <= most)
		return 0;
	if (args->n_words > most)
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' is one argument too many",
			       args->words[most]);
	else
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "an argument is missing");
	skep_error_add_hint(err, "usage: skep %s %s", command->name, command->usage);
	return -EINVAL;
}

int inspect_verb(const struct command *command, const struct option *options, int argc, char **argv,
		 size_t least, size_t most, inspect_run_fn run)
{
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret = options_parse(command, options, argc, argv, &args, &err);

	if (!ret && args.help)
		options_help(command, options, stdout);
	else if (!ret)
		ret = check_words(command, &args, least, most, &err) ?: run(&args, &err);
	options_free(options, &args);
	return ret ? cli_fail(&err) : EXIT_OK;
}

static int command_inspect_main(int argc, char **argv)
{
	return verbs_main(&command_inspect, verbs, argc, argv);
}
