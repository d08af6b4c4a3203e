// SPDX-License-Identifier: MIT
#include "cli/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/near.h"
#include "cli/cli.h"

/* A verb's own words: "btf min" of "gen btf min". */
static const char *words_of(const struct command *group, const struct command *verb)
{
	return verb->name + strlen(group->name) + 1;
}

/* How many arguments @words takes if they begin with it; 0: they do not. */
static int count_matching(const char *words, int argc, char **argv)
{
	int n = 0;

	while (*words) {
		size_t len = strcspn(words, " ");

		if (n >= argc || strlen(argv[n]) != len || memcmp(words, argv[n], len) != 0)
			return 0;
		n++;
		words += len + (words[len] == ' ');
	}
	return n;
}

static const struct command *find(const struct command *group, const struct command *const *verbs,
				  int argc, char **argv, int *used)
{
	const struct command *best = NULL;

	*used = 0;
	for (; *verbs; verbs++) {
		int n = count_matching(words_of(group, *verbs), argc, argv);

		if (n > *used) {
			*used = n;
			best = *verbs;
		}
	}
	return best;
}

static void help(const struct command *group, const struct command *const *verbs, FILE *out)
{
	size_t widest = 0;

	fprintf(out, "usage: skep %s %s\n\n%s\n\n", group->name, group->usage, group->summary);
	for (size_t i = 0; verbs[i]; i++) {
		size_t len = strlen(words_of(group, verbs[i]));

		widest = len > widest ? len : widest;
	}
	for (; *verbs; verbs++)
		fprintf(out, "  %-*s  %s\n", (int)widest, words_of(group, *verbs),
			(*verbs)->summary);
	fprintf(out, "\n  skep %s VERB --help  options of a verb\n", group->name);
	if (group->text)
		fprintf(out, "\n%s\n", group->text);
}

/* Words that are further apart are another name, not a slip. */
#define NEAR 3

static const char *nearest(const struct command *group, const struct command *const *verbs,
			   const char *typed)
{
	const char *near = NULL;
	unsigned int least = NEAR + 1;

	for (; *verbs; verbs++) {
		unsigned int distance = skep_name_distance(words_of(group, *verbs), typed);

		if (distance < least && distance < strlen(typed)) {
			least = distance;
			near = words_of(group, *verbs);
		}
	}
	return near;
}

/* True if some verb begins with the first word, which then is right and the next one is not. */
static bool begins_a_verb(const struct command *group, const struct command *const *verbs,
			  const char *word)
{
	for (; *verbs; verbs++) {
		const char *words = words_of(group, *verbs);
		size_t len = strcspn(words, " ");

		if (words[len] && strlen(word) == len && !memcmp(words, word, len))
			return true;
	}
	return false;
}

static int unknown_verb(const struct command *group, const struct command *const *verbs, int argc,
			char **argv)
{
	bool has_two = argc > 1 && argv[1][0] != '-' && begins_a_verb(group, verbs, argv[0]);
	struct skep_error err = { 0 };
	const char *near;
	char typed[128];

	snprintf(typed, sizeof(typed), "%s%s%s", argv[0], has_two ? " " : "",
		 has_two ? argv[1] : "");
	near = nearest(group, verbs, typed);
	skep_error_set(&err, SKEP_STAGE_USAGE, EINVAL, "'%s' is not a verb of skep %s", typed,
		       group->name);
	if (near)
		skep_error_add_hint(&err, "did you mean 'skep %s %s'?", group->name, near);
	else
		skep_error_add_hint(&err, "see 'skep %s --help'", group->name);
	return cli_fail(&err);
}

int verbs_main(const struct command *group, const struct command *const *verbs, int argc,
	       char **argv)
{
	const struct command *verb;
	int used;

	if (argc < 2) {
		help(group, verbs, stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		help(group, verbs, stdout);
		return EXIT_OK;
	}
	verb = find(group, verbs, argc - 1, argv + 1, &used);
	if (!verb)
		return unknown_verb(group, verbs, argc - 1, argv + 1);
	return verb->main(argc - used, argv + used);
}
