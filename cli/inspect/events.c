// SPDX-License-Identifier: MIT
/* skep inspect perf: programs on perf events and raw tracepoints that processes hold. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/inspect/inspect.h"
#include "kernel/file.h"

static const struct table_column columns[] = {
	{ "pid", "PID", true },	 { "comm", "COMMAND" },
	{ "fd", "FD", true },	 { "prog_id", "PROGRAM", true },
	{ "prog_name", "NAME" }, { "kind", "KIND" },
	{ "target", "TARGET" },	 { NULL },
};

static bool json;

static const struct option options[] = {
	{ OPTION_FLAG, 'j', "json", NULL, "an array of objects", &json },
	{ OPTION_END },
};

static const char *kind_name(uint32_t kind)
{
	static const char *const names[] = { "raw_tracepoint", "tracepoint", "kprobe",
					     "kretprobe",      "uprobe",     "uretprobe" };

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : NULL;
}

static int put(void *ctx, const struct skep_system_event *event)
{
	struct table *t = ctx;
	char name[192], path[40], comm[32];

	table_row(t);
	table_u64(t, "pid", event->pid);
	snprintf(path, sizeof(path), "/proc/%u/comm", event->pid);
	if (skep_file_read(path, comm, sizeof(comm)) > 0) {
		comm[strcspn(comm, "\n")] = '\0';
		table_string(t, "comm", comm);
	}
	table_i64(t, "fd", event->fd);
	table_u64(t, "prog_id", event->prog_id);
	if (inspect_program_name(event->prog_id, name, sizeof(name)))
		table_string(t, "prog_name", name);
	inspect_put_type(t, "kind", kind_name(event->kind), event->kind);
	if (*event->name && event->offset)
		table_printf(t, "target", "%s+0x%llx", event->name,
			     (unsigned long long)event->offset);
	else if (*event->name)
		table_string(t, "target", event->name);
	else
		table_hex(t, "target", event->address);
	if (table_is_json(t)) {
		table_u64(t, "offset", event->offset);
		table_hex(t, "address", event->address);
	}
	return 0;
}

static int run_perf(const struct option_args *args, struct skep_error *err)
{
	size_t unseen;
	struct table t;
	int64_t ret;

	(void)args;
	table_begin(&t, columns, json ? TABLE_JSON : TABLE_COLUMNS);
	ret = skep_system_events(put, &t, &unseen, err);
	if (ret < 0) {
		table_drop(&t);
		return (int)ret;
	}
	inspect_tell_unseen(unseen);
	return inspect_end(&t, err);
}

static int main_perf(int argc, char **argv);

const struct command inspect_perf = {
	.name = "inspect perf",
	.usage = "[--json]",
	.summary = "programs on tracepoints and probes that processes have open",
	.text = "What runs on a counter or a sampling event is told by no kernel. Links of perf events\n"
		"are in 'skep inspect link', too.",
	.main = main_perf,
};

static int main_perf(int argc, char **argv)
{
	return inspect_verb(&inspect_perf, options, argc, argv, 0, 0, run_perf);
}
