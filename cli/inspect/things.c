// SPDX-License-Identifier: MIT
/* What every list has: who holds a thing, and names of what others refer to. */
#include "cli/inspect/inspect.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/columns.h"

int inspect_held_read(struct inspect_held *held, unsigned int kinds, bool with_pins,
		      struct skep_error *err)
{
	const struct skep_holders_opts opts = { .size = sizeof(opts), .kinds = kinds };

	*held = (struct inspect_held){ .holders = kinds ? skep_holders_read(&opts, err) : NULL };
	if (kinds && !held->holders)
		return -1;
	if (with_pins)
		held->pins = skep_pins_read(err);
	if (!with_pins || held->pins)
		return 0;
	inspect_held_free(held);
	return -1;
}

void inspect_held_free(struct inspect_held *held)
{
	skep_holders_free(held->holders);
	skep_pins_free(held->pins);
	*held = (struct inspect_held){ 0 };
}

void inspect_tell_unseen(size_t n)
{
	if (n)
		fprintf(stderr,
			"skep: what %zu %s cannot be seen: it takes CAP_SYS_PTRACE, and a security "
			"module that lets it be\n",
			n, n == 1 ? "process holds" : "processes hold");
}

static void write_holder(struct skep_text *out, const struct skep_holder *holder, bool json)
{
	if (json) {
		skep_text_printf(out, "{\"pid\":%u,\"fd\":%d,\"comm\":", holder->pid, holder->fd);
		skep_text_json_string(out, holder->comm, sizeof(holder->comm));
		skep_text_char(out, '}');
		return;
	}
	skep_text_escaped(out, holder->comm, sizeof(holder->comm));
	skep_text_printf(out, "(%u)", holder->pid);
}

static void put_holders(struct table *t, const struct skep_holder *list, size_t n)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	bool json = table_is_json(t);

	if (json)
		skep_text_char(&text, '[');
	for (size_t i = 0, told = 0; i < n; i++) {
		/* This one has it open to look at it. */
		if (list[i].pid == (uint32_t)getpid())
			continue;
		if (told++)
			skep_text_char(&text, ',');
		write_holder(&text, &list[i], json);
	}
	if (json)
		skep_text_char(&text, ']');
	table_raw(t, "held_by", &text);
}

static void put_pins(struct table *t, const struct skep_pin *list, size_t n)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	bool json = table_is_json(t);

	if (json)
		skep_text_char(&text, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			skep_text_char(&text, ',');
		if (json)
			skep_text_json_string(&text, list[i].path, strlen(list[i].path));
		else
			skep_text_escaped(&text, list[i].path, strlen(list[i].path));
	}
	if (json)
		skep_text_char(&text, ']');
	table_raw(t, "pins", &text);
}

void inspect_put_held(struct table *t, const struct inspect_held *held, enum skep_system_kind kind,
		      uint32_t id)
{
	const struct skep_holder *holders;
	const struct skep_pin *pins;
	size_t n;

	if (held->pins) {
		pins = skep_pins_of(held->pins, kind, id, &n);
		put_pins(t, pins, n);
	}
	if (held->holders) {
		holders = skep_holders_of(held->holders, kind, id, &n);
		put_holders(t, holders, n);
	}
}

void inspect_put_type(struct table *t, const char *name, const char *known, uint32_t type)
{
	if (known)
		table_string(t, name, known);
	else
		table_printf(t, name, "type %u", type);
}

void inspect_write_tag(const uint8_t tag[8], char text[17])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < 8; i++) {
		*text++ = digits[tag[i] >> 4];
		*text++ = digits[tag[i] & 15];
	}
	*text = '\0';
}

bool inspect_program_name(uint32_t id, char *name, size_t size)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_system_open(SKEP_SYSTEM_PROGRAMS, id, NULL);
	struct skep_system_program *p =
		fd < 0 ? NULL :
			 skep_system_program_read(fd, SKEP_SYSTEM_OPENED | SKEP_SYSTEM_FULL_NAME,
						  NULL);

	*name = '\0';
	if (!p)
		return false;
	snprintf(name, size, "%s", p->name);
	skep_system_program_free(p);
	return true;
}

struct listing {
	const struct inspect_list *list;
	struct table table;
	struct inspect_held held;
	bool held_were_read;
};

/* Who holds things is looked for, in all processes, when there is a thing. */
static int put(int fd, void *ctx, struct skep_error *err)
{
	struct listing *l = ctx;

	if (!l->held_were_read &&
	    inspect_held_read(&l->held, table_wants(&l->table, "held_by") ? 1u << l->list->kind : 0,
			      table_wants(&l->table, "pins"), err))
		return -1;
	l->held_were_read = true;
	return l->list->put(&l->table, fd, &l->held, err);
}

/* "show" and "list" are what is done without them, too. */
static void skip_verb(struct option_args *args)
{
	if (!args->n_words || (strcmp(args->words[0], "show") && strcmp(args->words[0], "list")))
		return;
	args->n_words--;
	memmove(args->words, args->words + 1, args->n_words * sizeof(*args->words));
}

/* Chosen columns of things that are named are a list, too. */
static int print_list(const struct inspect_list *list, const struct option_args *args, bool json,
		      const char *names, struct skep_error *err)
{
	struct table_column columns[TABLE_MAX_COLUMNS + 1];
	struct listing l = { .list = list };
	int ret = columns_choose(list->columns, names, columns, err);

	if (ret)
		return cli_fail(err);
	table_begin(&l.table, columns,
		    json		    ? TABLE_JSON :
		    args->n_words && !names ? TABLE_LINES :
					      TABLE_COLUMNS);
	l.table.only_columns = names;
	ret = inspect_each(list->kind, args->words, args->n_words, put, &l, err);
	if (ret)
		table_drop(&l.table);
	else
		inspect_tell_unseen(skep_holders_unseen(l.held.holders));
	inspect_held_free(&l.held);
	return ret ? cli_fail(err) : table_end(&l.table);
}

int inspect_list(const struct inspect_list *list, const struct command *command, int argc,
		 char **argv)
{
	static bool json;
	static const char *columns;
	static const struct option options[] = {
		{ OPTION_FLAG, 'j', "json", NULL, "an array of objects, with all details", &json },
		{ OPTION_STRING, 'c', "columns", "NAME,...",
		  "only these, called as in JSON; without held_by no process is looked at",
		  &columns },
		{ OPTION_END },
	};
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret = EXIT_OK;

	if (options_parse(command, options, argc, argv, &args, &err))
		ret = cli_fail(&err);
	else if (args.help)
		options_help(command, options, stdout);
	else {
		skip_verb(&args);
		ret = print_list(list, &args, json, columns, &err);
	}
	options_free(options, &args);
	return ret;
}
