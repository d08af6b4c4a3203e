// SPDX-License-Identifier: MIT
/* skep inspect token: BPF file systems that delegate rights. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "cli/inspect/inspect.h"
#include "kernel/mounts.h"

static const struct table_column columns[] = {
	{ "path", "PATH" },	 { "cmds", "COMMANDS" },       { "maps", "MAPS" },
	{ "progs", "PROGRAMS" }, { "attachs", "ATTACHMENTS" }, { NULL },
};

static bool json;

static const struct option options[] = {
	{ OPTION_FLAG, 'j', "json", NULL, "an array of objects", &json },
	{ OPTION_END },
};

#define PREFIX "delegate_"

/* "delegate_cmds=prog_load:0x40": names where the kernel has some, and "any". */
static int put(const struct skep_mount *mount, void *ctx)
{
	struct table *t = ctx;
	bool has_row = false;

	for (const char *o = mount->options; *o; o += strcspn(o, ","), o += *o == ',') {
		const struct table_column *c = columns + 1;
		size_t len = strcspn(o, ","), name;

		if (strncmp(o, PREFIX, strlen(PREFIX)))
			continue;
		o += strlen(PREFIX);
		len -= strlen(PREFIX);
		name = strcspn(o, "=,");
		while (c->name && (strlen(c->name) != name || memcmp(c->name, o, name)))
			c++;
		if (!c->name || o[name] != '=')
			continue;
		if (!has_row) {
			table_row(t);
			table_string(t, "path", mount->path);
			has_row = true;
		}
		table_printf(t, c->name, "%.*s", (int)(len - name - 1), o + name + 1);
	}
	return 0;
}

static int run_token(const struct option_args *args, struct skep_error *err)
{
	struct table t;
	int ret;

	(void)args;
	table_begin(&t, columns, json ? TABLE_JSON : TABLE_COLUMNS);
	ret = skep_mounts_each("bpf", put, &t);
	if (!ret)
		return inspect_end(&t, err);
	table_drop(&t);
	return skep_error_set_errno(err, SKEP_STAGE_READ, ret, "mounts cannot be listed");
}

static int main_token(int argc, char **argv);

const struct command inspect_token = {
	.name = "inspect token",
	.usage = "[--json]",
	.summary = "BPF file systems whose mount options delegate rights",
	.text = "Who opens one of these folders in a user namespace of its own can have a token made of\n"
		"it (6.9), and do what is listed with it: see token_path in skep/object.h.",
	.main = main_token,
};

static int main_token(int argc, char **argv)
{
	return inspect_verb(&inspect_token, options, argc, argv, 0, 0, run_token);
}
