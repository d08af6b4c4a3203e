// SPDX-License-Identifier: MIT
/* skep inspect batch: verbs from a file, one a line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/inspect/inspect.h"

#define MAX_WORDS 64

static bool keep_going;

static const struct option options[] = {
	{ OPTION_FLAG, 'k', "keep-going", NULL, "go on behind a line that fails", &keep_going },
	{ OPTION_END },
};

/*
 * Splits a line in place: blanks part words, quotes of both kinds keep them together, a backslash
 * keeps the next character, '#' begins a comment. The number of words; -1: a quote is not closed;
 * -2: too many.
 */
static int split(char *line, char **words)
{
	char *from = line, *to = line;
	int n = 0;

	for (;;) {
		char quote = 0;

		from += strspn(from, " \t\r\n");
		if (!*from || *from == '#')
			return n;
		if (n == MAX_WORDS)
			return -2;
		words[n++] = to;
		for (; *from && (quote || !strchr(" \t\r\n", *from)); from++) {
			if (quote ? *from == quote : *from == '"' || *from == '\'') {
				quote = quote ? 0 : *from;
				continue;
			}
			if (*from == '\\' && quote != '\'' && from[1])
				from++;
			*to++ = *from;
		}
		if (quote)
			return -1;
		from += *from != '\0';
		*to++ = '\0';
	}
}

/* Each in a process of its own: options keep what they were set to. */
static int run_line(int n, char **words)
{
	char *argv[MAX_WORDS + 2] = { (char *)"inspect" };
	int status;
	pid_t pid;

	memcpy(argv + 1, words, (size_t)n * sizeof(*words));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		status = command_inspect.main(n + 1, argv);
		fflush(stdout);
		_exit(status);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0 || !WIFEXITED(status))
		return EXIT_FAILED;
	return WEXITSTATUS(status);
}

static int bad_line(const char *name, size_t number, int what, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
		       what == -1 ? "a quote is not closed" : "there are more than 64 words");
	skep_error_add_source(err, "%s:%zu", name, number);
	return -EINVAL;
}

static int run_file(FILE *file, const char *name, int *worst, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *line = NULL;
	size_t cap = 0, number = 0;

	while (getline(&line, &cap, file) >= 0) {
		char *words[MAX_WORDS];
		int n = split(line, words), ret;

		number++;
		if (n < 0)
			return bad_line(name, number, n, err);
		ret = n ? run_line(n, words) : EXIT_OK;
		if (ret)
			fprintf(stderr, "%s:%zu: failed\n", name, number);
		*worst = ret > *worst ? ret : *worst;
		if (ret && !keep_going)
			break;
	}
	return 0;
}

static int worst;

static int run_batch(const struct option_args *args, struct skep_error *err)
{
	const char *name = args->n_words && strcmp(args->words[0], "-") ? args->words[0] : NULL;
	FILE *file = name ? fopen(name, "re") : stdin;
	int ret;

	if (!file)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "%s cannot be opened",
					    name);
	ret = run_file(file, name ?: "stdin", &worst, err);
	if (name)
		fclose(file);
	return ret;
}

static int main_batch(int argc, char **argv);

const struct command inspect_batch = {
	.name = "inspect batch",
	.usage = "[FILE] [--keep-going]",
	.summary = "runs verbs from a file or stdin, one a line",
	.text = "A line is what stands behind 'skep inspect': map update 7 1 '{\"port\": 80}'. Words are\n"
		"quoted as for a shell, and # begins a comment. The first line that fails is the last.",
	.main = main_batch,
};

static int main_batch(int argc, char **argv)
{
	int ret = inspect_verb(&inspect_batch, options, argc, argv, 0, 1, run_batch);

	return ret ?: worst;
}
