// SPDX-License-Identifier: MIT
#include "cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/quantity.h"

struct parser {
	const struct command *command;
	const struct option *options;
	struct option_args *args;
	struct skep_error *err;
};

static int usage(const struct parser *p, const char *hint, const char *fmt, const char *a,
		 const char *b)
{
	char text[256];

	snprintf(text, sizeof(text), fmt, a, b);
	skep_error_set(p->err, SKEP_STAGE_USAGE, EINVAL, "%s", text);
	if (hint)
		skep_error_add_hint(p->err, "%s", hint);
	else
		skep_error_add_hint(p->err, "see 'skep %s --help'", p->command->name);
	return -EINVAL;
}

static int set_choice(const struct parser *p, const struct option *o, const char *value)
{
	char allowed[128] = "allowed:";

	for (int i = 0; o->choices[i]; i++) {
		if (!strcmp(o->choices[i], value)) {
			*(int *)o->target = i;
			return 0;
		}
		snprintf(allowed + strlen(allowed), sizeof(allowed) - strlen(allowed), " %s",
			 o->choices[i]);
	}
	return usage(p, allowed, "--%s does not know '%s'", o->name, value);
}

static int set_number(const struct parser *p, const struct option *o, const char *value)
{
	char *end;

	errno = 0;
	*(uint64_t *)o->target = strtoull(value, &end, 10);
	if (*value >= '0' && *value <= '9' && !*end && !errno)
		return 0;
	return usage(p, "give a whole number", "--%s cannot be '%s'", o->name, value);
}

static int set_duration(const struct parser *p, const struct option *o, const char *value)
{
	if (skep_read_duration(value, o->target))
		return 0;
	return usage(p, "give seconds such as 5 or 0.5, or 500ms, 2m, 1h", "--%s cannot be '%s'",
		     o->name, value);
}

static int add_item(const struct parser *p, const struct option *o, const char *value)
{
	struct option_list *list = o->target;
	const char **items = realloc(list->items, (list->len + 1) * sizeof(*items));

	if (!items)
		return skep_error_nomem(p->err, SKEP_STAGE_USAGE);
	list->items = items;
	items[list->len++] = value;
	return 0;
}

static int set_option(const struct parser *p, const struct option *o, const char *value)
{
	switch (o->kind) {
	case OPTION_FLAG:
		*(bool *)o->target = true;
		return 0;
	case OPTION_STRING:
		*(const char **)o->target = value;
		return 0;
	case OPTION_CHOICE:
		return set_choice(p, o, value);
	case OPTION_LIST:
		return add_item(p, o, value);
	case OPTION_NUMBER:
		return set_number(p, o, value);
	case OPTION_DURATION:
		return set_duration(p, o, value);
	default:
		return usage(p, NULL, "--%s%s is not an option", o->name, "");
	}
}

static const struct option *find_letter(const struct parser *p, char letter)
{
	for (const struct option *o = p->options; o->kind != OPTION_END; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

static const struct option *find_name(const struct parser *p, const char *name, size_t len)
{
	for (const struct option *o = p->options; o->kind != OPTION_END; o++)
		if (o->name && strlen(o->name) == len && !memcmp(o->name, name, len))
			return o;
	return NULL;
}

/* A letter of the program's. 0: it stands alone, and other letters may follow. */
static int parse_unknown_letter(const struct parser *p, const char *c, const char *next)
{
	struct option_args *args = p->args;
	const char *name =
		args->unknown_letter ? args->unknown_letter(args->unknown_ctx, *c) : NULL;
	const char letter[2] = { *c, 0 };
	int used;

	if (!name)
		return usage(p, NULL, "unknown option -%s%s", letter, "");
	used = args->unknown(args->unknown_ctx, name, c[1] ? c + 1 : next, p->err);
	if (used == 1)
		return 0;
	return used < 0 ? used : c[1] ? 1 : 2;
}

/* "-x", "-xVALUE" or "-x VALUE". Returns the arguments used. */
static int parse_letters(const struct parser *p, const char *arg, const char *next)
{
	for (const char *c = arg + 1; *c; c++) {
		const struct option *o = find_letter(p, *c);
		char letter[2] = { *c, 0 };

		if (*c == 'h' && !o) {
			p->args->help = true;
			continue;
		}
		if (!o) {
			int used = parse_unknown_letter(p, c, next);

			if (used)
				return used;
			continue;
		}
		if (o->kind == OPTION_FLAG) {
			set_option(p, o, NULL);
			continue;
		}
		if (c[1])
			return set_option(p, o, c + 1) ?: 1;
		if (!next)
			return usage(p, NULL, "-%s needs a value: %s", letter, o->value);
		return set_option(p, o, next) ?: 2;
	}
	return 1;
}

static int parse_unknown(const struct parser *p, const char *name, const char *equals,
			 const char *next)
{
	char copy[128];
	int used;

	if (!p->args->unknown)
		return usage(p, NULL, "unknown option --%s%s", name, "");
	if (!equals)
		return p->args->unknown(p->args->unknown_ctx, name, next, p->err);
	snprintf(copy, sizeof(copy), "%.*s", (int)(equals - name), name);
	used = p->args->unknown(p->args->unknown_ctx, copy, equals + 1, p->err);
	return used < 0 ? used : 1;
}

/* "--name", "--name VALUE" or "--name=VALUE". Returns the arguments used. */
static int parse_long(const struct parser *p, const char *arg, const char *next)
{
	const char *name = arg + 2;
	const char *equals = strchr(name, '=');
	const struct option *o =
		find_name(p, name, equals ? (size_t)(equals - name) : strlen(name));

	if (!o && !strcmp(name, "help")) {
		p->args->help = true;
		return 1;
	}
	if (!o)
		return parse_unknown(p, name, equals, next);
	if (o->kind == OPTION_FLAG) {
		if (equals)
			return usage(p, NULL, "--%s takes no value%s", o->name, "");
		return set_option(p, o, NULL) ?: 1;
	}
	if (equals)
		return set_option(p, o, equals + 1) ?: 1;
	if (!next)
		return usage(p, NULL, "--%s needs a value: %s", o->name, o->value);
	return set_option(p, o, next) ?: 2;
}

int options_parse(const struct command *command, const struct option *options, int argc,
		  char **argv, struct option_args *args, struct skep_error *err)
{
	struct parser p = { command, options, args, err };
	int used;

	args->words = calloc((size_t)argc + 1, sizeof(*args->words));
	if (!args->words)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	for (int i = 1; i < argc; i += used) {
		const char *arg = argv[i];
		const char *next = i + 1 < argc && strcmp(argv[i + 1], "--") ? argv[i + 1] : NULL;

		used = 1;
		if (!strcmp(arg, "--")) {
			args->command = argv + i + 1;
			break;
		}
		if (arg[0] == '-' && arg[1] == '-')
			used = parse_long(&p, arg, next);
		else if (arg[0] == '-' && arg[1])
			used = parse_letters(&p, arg, next);
		else if (args->command_at_first_word) {
			args->command = argv + i;
			break;
		} else
			args->words[args->n_words++] = arg;
		if (used < 0)
			return used;
	}
	return 0;
}

void options_free(const struct option *options, struct option_args *args)
{
	for (const struct option *o = options; o->kind != OPTION_END; o++) {
		if (o->kind == OPTION_LIST) {
			struct option_list *list = o->target;

			free(list->items);
			*list = (struct option_list){ 0 };
		}
	}
	free(args->words);
	args->words = NULL;
}

static void help_line(const struct option *o, FILE *out)
{
	char left[64];
	int len = 0;

	len += snprintf(left, sizeof(left), o->letter ? "-%c" : "  ", o->letter);
	if (o->name)
		len += snprintf(left + len, sizeof(left) - len, "%s--%s", o->letter ? ", " : "  ",
				o->name);
	if (o->value)
		snprintf(left + len, sizeof(left) - len, " %s", o->value);
	fprintf(out, "  %-28s %s\n", left, o->help);
}

void options_help(const struct command *command, const struct option *options, FILE *out)
{
	static const struct option help = { .letter = 'h', .name = "help", .help = "this text" };

	fprintf(out, "usage: %s%s %s\n\n%s\n\n", command->is_alone ? "" : "skep ", command->name,
		command->usage, command->summary);
	for (const struct option *o = options; o->kind != OPTION_END; o++)
		help_line(o, out);
	help_line(&help, out);
	if (command->text)
		fprintf(out, "\n%s\n", command->text);
}
