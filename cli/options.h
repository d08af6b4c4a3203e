/* SPDX-License-Identifier: MIT */
/*
 * Options from one table a command: the table parses the arguments and prints the help.
 */
#ifndef SKEP_CLI_OPTIONS_H
#define SKEP_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <skep/error.h>

enum option_kind {
	OPTION_END,
	OPTION_FLAG,	 /* bool: set to true */
	OPTION_STRING,	 /* const char * */
	OPTION_CHOICE,	 /* int: index in `choices`; a word of it is given */
	OPTION_LIST,	 /* struct option_list: may be repeated */
	OPTION_NUMBER,	 /* uint64_t: decimal */
	OPTION_DURATION, /* int64_t nanoseconds: seconds with a fraction, or with ms, s, m, h */
};

struct option_list {
	const char **items; /* owned; the strings are those of argv */
	size_t len;
};

struct option {
	enum option_kind kind;
	char letter;	   /* 0: none */
	const char *name;  /* long name, without dashes */
	const char *value; /* what the help calls the value: "SECONDS" */
	const char *help;
	void *target;
	const char *const *choices; /* OPTION_CHOICE, NULL-terminated */
};

/*
 * What to do with a long option that is not in the table: @value is NULL when nothing follows
 * it. Returns how many of the two arguments it used (1: without, 2: with @value), or a negative
 * errno with the message in @err.
 */
typedef int (*option_unknown_fn)(void *ctx, const char *name, const char *value,
				 struct skep_error *err);

struct command {
	const char *name;    /* "run" */
	const char *usage;   /* "FILE [--NAME VALUE]... [-- COMMAND]" */
	const char *summary; /* one line for `skep help` */
	const char *text;    /* paragraphs after the options, or NULL */
	int (*main)(int argc, char **argv);
	bool is_alone; /* an executable of its own, and not one of skep's commands */
};

struct option_args {
	const char **words; /* what is no option, before "--"; owned */
	size_t n_words;
	char **command; /* what follows "--", NULL-terminated; NULL when there is no "--" */
	bool help;	/* -h or --help was given */
	/* Stop at the first word that is no option: it begins the command (skep trace ls -l). */
	bool command_at_first_word;
	option_unknown_fn unknown;
	/* The long name of an option for `unknown`, by a letter that is not in the table; or NULL.
	 */
	const char *(*unknown_letter)(void *ctx, char letter);
	void *unknown_ctx;
};

/* Parses argv[1..]. 0, or -EINVAL with a message that names the argument and what is allowed. */
int options_parse(const struct command *command, const struct option *options, int argc,
		  char **argv, struct option_args *args, struct skep_error *err);
void options_free(const struct option *options, struct option_args *args);

/* The whole help of a command, from its table. */
void options_help(const struct command *command, const struct option *options, FILE *out);

#endif
