// SPDX-License-Identifier: MIT
/* skep inspect btf: types that the kernel holds, and what uses them. */
#include "cli/inspect/inspect.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"

static const struct table_column columns[] = {
	{ "id", "ID", true },	    { "name", "NAME" },
	{ "bytes", "SIZE", true },  { "kernel", "KERNEL" },
	{ "prog_ids", "PROGRAMS" }, { "map_ids", "MAPS" },
	{ "held_by", "HELD BY" },   { NULL },
};

/* A program or map, and the BTF that it has. */
struct use {
	uint32_t btf_id, id;
};

static struct uses {
	struct skep_vec(struct use) programs, maps;
	bool were_read;
} uses;

static int add_program(int fd, void *ctx, struct skep_error *err)
{
	struct skep_system_program *p = skep_system_program_read(fd, SKEP_SYSTEM_OPENED, err);
	struct use *use = p ? skep_vec_push(&uses.programs) : NULL;

	(void)ctx;
	if (use)
		*use = (struct use){ p->btf_id, p->id };
	skep_system_program_free(p);
	return use ? 0 : p ? skep_error_nomem(err, SKEP_STAGE_READ) : -1;
}

static int add_map(int fd, void *ctx, struct skep_error *err)
{
	struct skep_map_info info = { .size = sizeof(info) };
	int ret = skep_system_map_read(fd, &info, err);
	struct use *use = ret ? NULL : skep_vec_push(&uses.maps);

	(void)ctx;
	if (use)
		*use = (struct use){ info.btf_id, info.id };
	return ret || use ? ret : skep_error_nomem(err, SKEP_STAGE_READ);
}

static int read_uses(struct skep_error *err)
{
	int ret = 0;

	if (!uses.were_read)
		ret = inspect_each(SKEP_SYSTEM_PROGRAMS, NULL, 0, add_program, NULL, err) ?:
			      inspect_each(SKEP_SYSTEM_MAPS, NULL, 0, add_map, NULL, err);
	uses.were_read = true;
	return ret;
}

static void put_uses(struct table *t, const char *name, const struct use *list, size_t n,
		     uint32_t btf_id)
{
	SKEP_SCOPED(skep_scoped_free) uint32_t *ids = calloc(n + 1, sizeof(*ids));
	size_t found = 0;

	for (size_t i = 0; ids && i < n; i++)
		if (list[i].btf_id == btf_id)
			ids[found++] = list[i].id;
	table_ids(t, name, ids, found);
}

static int put_btf(struct table *t, int fd, const struct inspect_held *held, struct skep_error *err)
{
	struct skep_system_btf *btf;
	bool with_uses = table_wants(t, "prog_ids") || table_wants(t, "map_ids");
	int ret = with_uses ? read_uses(err) : 0;

	if (ret)
		return ret;
	btf = skep_system_btf_read(fd, err);
	if (!btf)
		return -1;
	table_row(t);
	table_u64(t, "id", btf->id);
	table_string(t, "name", btf->name);
	table_bytes(t, "bytes", btf->bytes);
	table_bool(t, "kernel", btf->kernel);
	put_uses(t, "prog_ids", uses.programs.items, uses.programs.len, btf->id);
	put_uses(t, "map_ids", uses.maps.items, uses.maps.len, btf->id);
	inspect_put_held(t, held, SKEP_SYSTEM_BTFS, btf->id);
	skep_system_btf_free(btf);
	return 0;
}

static int main_btf(int argc, char **argv);

const struct command inspect_btf = {
	.name = "inspect btf",
	.usage = "[ID|NAME]... [--columns NAME,...] [--json]",
	.summary = "types (BTF) that the kernel holds: its own, its modules' and programs'",
	.text = "A NAME is 'vmlinux' or a module's; BTF of programs has none.",
	.main = main_btf,
};

static int main_btf(int argc, char **argv)
{
	static const struct inspect_list list = { SKEP_SYSTEM_BTFS, columns, put_btf };
	int ret = inspect_list(&list, &inspect_btf, argc, argv);

	skep_vec_free(&uses.programs);
	skep_vec_free(&uses.maps);
	return ret;
}
