// SPDX-License-Identifier: MIT
/* What every list has: who holds a thing, and names of what others refer to. */
#include "cli/inspect/inspect.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

int inspect_held_read(struct inspect_held *held, bool with_pins, struct skep_error *err)
{
	*held = (struct inspect_held){ .holders = skep_holders_read(err) };
	if (held->holders && with_pins)
		held->pins = skep_pins_read(err);
	if (held->holders && (held->pins || !with_pins))
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

bool inspect_program_name(uint32_t id, char *name, size_t size)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_system_open(SKEP_SYSTEM_PROGRAMS, id, NULL);
	struct skep_system_program *p =
		fd < 0 ? NULL : skep_system_program_read(fd, SKEP_SYSTEM_FULL_NAME, NULL);

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
	bool detailed;
};

/* Who holds things is looked for, in all processes, when there is a thing. */
static int put(int fd, void *ctx, struct skep_error *err)
{
	struct listing *l = ctx;

	if (!l->held.holders && inspect_held_read(&l->held, l->detailed, err))
		return -1;
	return l->list->put(&l->table, fd, &l->held, err);
}

/* What may not be seen is told; the list is what there is besides. */
static void tell_unseen(const struct listing *l)
{
	size_t n = skep_holders_unseen(l->held.holders);

	if (n)
		fprintf(stderr,
			"skep: what %zu processes of other users hold cannot be seen without "
			"CAP_SYS_PTRACE\n",
			n);
}

/* "show" and "list" are what is done without them, too. */
static void skip_verb(struct option_args *args)
{
	if (!args->n_words || (strcmp(args->words[0], "show") && strcmp(args->words[0], "list")))
		return;
	args->n_words--;
	memmove(args->words, args->words + 1, args->n_words * sizeof(*args->words));
}

static int print_list(const struct inspect_list *list, const struct option_args *args, bool json,
		      struct skep_error *err)
{
	struct listing l = { .list = list, .detailed = args->n_words || json };
	int ret;

	table_begin(&l.table, list->columns,
		    json	  ? TABLE_JSON :
		    args->n_words ? TABLE_LINES :
				    TABLE_COLUMNS);
	ret = inspect_each(list->kind, args->words, args->n_words, put, &l, err);
	if (ret)
		table_drop(&l.table);
	else
		tell_unseen(&l);
	inspect_held_free(&l.held);
	return ret ? cli_fail(err) : table_end(&l.table);
}

int inspect_list(const struct inspect_list *list, const struct command *command, int argc,
		 char **argv)
{
	static bool json;
	static const struct option options[] = {
		{ OPTION_FLAG, 'j', "json", NULL, "an array of objects, with all details", &json },
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
		ret = print_list(list, &args, json, &err);
	}
	options_free(options, &args);
	return ret;
}
