// SPDX-License-Identifier: MIT
/* skep inspect pin, unpin, detach. */
#include "cli/inspect/inspect.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/bpffs.h"

static const struct option no_options[] = { { OPTION_END } };

static const char *const kind_words[] = {
	[SKEP_SYSTEM_PROGRAMS] = "prog", [SKEP_SYSTEM_MAPS] = "map", [SKEP_SYSTEM_LINKS] = "link"
};

static int find_kind(const char *word, enum skep_system_kind *kind, struct skep_error *err)
{
	for (size_t i = 0; i < sizeof(kind_words) / sizeof(kind_words[0]); i++) {
		if (!kind_words[i] || strcmp(kind_words[i], word) != 0)
			continue;
		*kind = (enum skep_system_kind)i;
		return 0;
	}
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' cannot be pinned", word);
	skep_error_add_hint(err, "allowed: prog map link");
	return -EINVAL;
}

static int run_pin(const struct option_args *args, struct skep_error *err)
{
	enum skep_system_kind kind;
	int ret = find_kind(args->words[0], &kind, err);
	SKEP_SCOPED(skep_scoped_fd) int fd = ret ? -1 : inspect_open(kind, args->words[1], err);

	if (ret || fd < 0)
		return ret ?: fd;
	return skep_bpffs_pin(fd, AT_FDCWD, args->words[2], SKEP_STAGE_READ, err);
}

/* Only what is a pin: rm(1) would take anything. */
static int run_unpin(const struct option_args *args, struct skep_error *err)
{
	for (size_t i = 0; i < args->n_words; i++) {
		enum skep_system_kind kind;
		int fd = skep_pin_open(args->words[i], &kind, err);

		if (fd < 0)
			return fd;
		close(fd);
		if (unlink(args->words[i]))
			return skep_error_set_errno(err, SKEP_STAGE_READ, errno,
						    "%s cannot be taken away", args->words[i]);
	}
	return 0;
}

static int run_detach(const struct option_args *args, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = inspect_open(SKEP_SYSTEM_LINKS, args->words[0], err);
	int ret = fd < 0 ? fd : skep_bpf_link_detach(fd);

	if (!ret || fd < 0)
		return ret;
	if (ret == -EOPNOTSUPP) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EOPNOTSUPP,
			       "links of this type end only when nobody holds them");
		skep_error_add_hint(err, "'skep inspect link %s' tells who does", args->words[0]);
		return ret;
	}
	return skep_error_set_errno(err, SKEP_STAGE_ATTACH, ret, "the link cannot be detached");
}

static int main_pin(int argc, char **argv);
static int main_unpin(int argc, char **argv);
static int main_detach(int argc, char **argv);

const struct command inspect_pin = {
	.name = "inspect pin",
	.usage = "prog|map|link NAME PATH",
	.summary = "gives a program, map or link a name in a BPF file system",
	.main = main_pin,
};

const struct command inspect_unpin = {
	.name = "inspect unpin",
	.usage = "PATH...",
	.summary = "takes names away; what nobody holds then is gone",
	.main = main_unpin,
};

const struct command inspect_detach = {
	.name = "inspect detach",
	.usage = "LINK",
	.summary = "ends what a link does, whoever holds it",
	.main = main_detach,
};

static int main_pin(int argc, char **argv)
{
	return inspect_verb(&inspect_pin, no_options, argc, argv, 3, 3, run_pin);
}

static int main_unpin(int argc, char **argv)
{
	return inspect_verb(&inspect_unpin, no_options, argc, argv, 1, SIZE_MAX, run_unpin);
}

static int main_detach(int argc, char **argv)
{
	return inspect_verb(&inspect_detach, no_options, argc, argv, 1, 1, run_detach);
}
