// SPDX-License-Identifier: MIT
/* skep inspect cgroup: the programs of cgroups of version 2. */
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "cli/inspect/inspect.h"
#include "kernel/mounts.h"

static const struct table_column columns[] = {
	{ "cgroup", "CGROUP" },
	{ "attach_type", "ATTACH" },
	{ "prog_id", "PROGRAM", true },
	{ "prog_name", "NAME" },
	{ "mode", "MODE" },
	{ "link_id", "LINK", true },
	{ NULL },
};

static bool json, effective, only_this;

static const struct option options[] = {
	{ OPTION_FLAG, 'e', "effective", NULL, "also what a cgroup has from those above it",
	  &effective },
	{ OPTION_FLAG, 0, "only", NULL, "PATH itself, and none below it", &only_this },
	{ OPTION_FLAG, 'j', "json", NULL, "an array of objects", &json },
	{ OPTION_END },
};

/* A walk has no context. */
static struct table *walk_table;
static size_t refused;

static const char *mode_of(uint32_t flags)
{
	if (flags & BPF_F_ALLOW_MULTI)
		return "multi";
	return flags & BPF_F_ALLOW_OVERRIDE ? "override" : "";
}

static void put(struct table *t, const char *path, uint32_t attach_type,
		const struct skep_attached_program *p)
{
	char name[192];

	table_row(t);
	table_string(t, "cgroup", path);
	table_string(t, "attach_type", skep_attach_type_name(attach_type));
	table_u64(t, "prog_id", p->program_id);
	if (inspect_program_name(p->program_id, name, sizeof(name)))
		table_string(t, "prog_name", name);
	table_string(t, "mode", mode_of(p->flags));
	if (p->link_id)
		table_u64(t, "link_id", p->link_id);
}

/* Those of enum bpf_attach_type whose programs are attached to cgroups. */
static bool is_cgroup_type(const char *name)
{
	return !strncmp(name, "cgroup_", 7) || !strcmp(name, "lsm_cgroup");
}

static void put_all(struct table *t, const char *path)
{
	const char *name;

	for (uint32_t type = 0; (name = skep_attach_type_name(type)); type++) {
		struct skep_error err = { 0 };
		struct skep_attached *attached;

		if (!is_cgroup_type(name))
			continue;
		attached = skep_attached_to_cgroup(path, type, effective, &err);
		/* Kernels do not know every hook. */
		refused += !attached && (err.code == EPERM || err.code == EACCES);
		for (size_t i = 0; attached && i < attached->n; i++)
			put(t, path, type, &attached->programs[i]);
		skep_attached_free(attached);
	}
}

static int visit(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (flag == FTW_D)
		put_all(walk_table, path);
	return 0;
}

static void walk(const char *path)
{
	nftw(path, visit, 16, FTW_PHYS | FTW_MOUNT);
}

static int walk_mount(const struct skep_mount *mount, void *ctx)
{
	(void)ctx;
	walk(mount->path);
	return 0;
}

static int show(const struct option_args *args, struct table *t, struct skep_error *err)
{
	struct skep_attached *first;

	if (!args->n_words)
		return skep_mounts_each("cgroup2", walk_mount, NULL);
	/* Whether it is one at all. */
	first = skep_attached_to_cgroup(args->words[0], BPF_CGROUP_INET_INGRESS, false, err);
	if (!first)
		return -EINVAL;
	skep_attached_free(first);
	if (only_this)
		put_all(t, args->words[0]);
	else
		walk(args->words[0]);
	return 0;
}

static int run_cgroup(const struct option_args *args, struct skep_error *err)
{
	struct table t;
	int ret;

	table_begin(&t, columns, json ? TABLE_JSON : TABLE_COLUMNS);
	walk_table = &t;
	ret = show(args, &t, err);
	if (!ret && refused)
		ret = skep_error_set(err, SKEP_STAGE_RECEIVE, EPERM,
				     "the kernel does not tell what is attached to cgroups without "
				     "CAP_NET_ADMIN and CAP_BPF");
	if (ret) {
		table_drop(&t);
		return ret;
	}
	return inspect_end(&t, err);
}

static int main_cgroup(int argc, char **argv);

const struct command inspect_cgroup = {
	.name = "inspect cgroup",
	.usage = "[PATH] [--effective] [--only] [--json]",
	.summary = "programs of all cgroups, or of one and those below it",
	.text = "Only cgroups of version 2 have programs. Without PATH all that are mounted are shown.",
	.main = main_cgroup,
};

static int main_cgroup(int argc, char **argv)
{
	return inspect_verb(&inspect_cgroup, options, argc, argv, 0, 1, run_cgroup);
}
