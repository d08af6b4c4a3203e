// SPDX-License-Identifier: MIT
/* Objects of a source, one for each machine. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "elf/elf.h"
#include "package/building.h"
#include "package/clang.h"
#include "package/dirs.h"
#include "package/source.h"
#include "stream/output.h"

const char *const skep_build_machines[] = { "x86",  "arm64",	 "arm",	    "i386", "riscv",
					    "s390", "loongarch", "powerpc", "mips", NULL };

#define MAX_MACHINES 64

/* One call of clang more than the machine's own flags. */
struct compile {
	struct skep_text types;	  /* the folder of the machine's vmlinux.h */
	struct skep_text include; /* of the workspace */
	struct skep_text before;  /* a file that is included before all else */
	struct skep_vec(char *) flags;
};

static int add_flag(struct skep_building *b, struct compile *c, const char *flag)
{
	char **slot = skep_vec_push(&c->flags);

	if (!slot)
		return skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	*slot = (char *)flag;
	return 0;
}

/*
 * clang keeps types that something has: a pointer to each of the header's, declared before the
 * source, which defines them. Readers of packages pass over variables of this name.
 */
static int write_before(struct skep_building *b, struct compile *c)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	int ret = skep_dir_cache(&c->before, b->err), fd;

	if (ret)
		return ret;
	skep_text_lit(&c->before, "/types-XXXXXX");
	skep_text_string(&c->before);
	skep_vec_for_each(&b->header.types, type)
		skep_text_printf(&text, "%s %s;\n%s %s *__eunomia_dummy_%s_ptr;\n", type->keyword,
				 type->tag, type->keyword, type->tag, type->tag);
	fd = c->before.failed ? -1 : mkstemp(c->before.data);
	if (fd < 0) {
		skep_text_reset(&c->before);
		return skep_error_set_errno(b->err, SKEP_STAGE_BUILD, errno,
					    "no file can be made in the cache");
	}
	close(fd);
	return text.failed ? skep_error_nomem(b->err, SKEP_STAGE_BUILD) :
			     skep_output_replace(c->before.data, text.data, text.len, b->err);
}

/* Types of this machine's kernel are no good for another one. */
static void find_types(const struct skep_building *b, const char *machine, struct compile *c)
{
	if (!b->opts->workspace)
		return;
	skep_text_printf(&c->types, "%s/include/vmlinux/%s", b->opts->workspace, machine);
	skep_text_lit(&c->types, "/vmlinux.h");
	if (access(skep_text_string(&c->types), R_OK))
		skep_text_reset(&c->types);
	else
		c->types.len -= strlen("/vmlinux.h");
}

static int collect_flags(struct skep_building *b, const char *machine, struct compile *c)
{
	int ret = 0;

	for (char *const *flag = b->opts->flags; flag && *flag && !ret; flag++)
		ret = add_flag(b, c, *flag);
	if (!ret && b->opts->workspace) {
		skep_text_printf(&c->include, "-I%s/include", b->opts->workspace);
		ret = add_flag(b, c, skep_text_string(&c->include));
	}
	if (!ret && b->header.types.len)
		ret = write_before(b, c)		 ?:
			      add_flag(b, c, "-include") ?:
			      add_flag(b, c, skep_text_string(&c->before));
	if (!ret && b->opts->is_types)
		ret = add_flag(b, c, "-Wno-pragma-once-outside-header") ?: add_flag(b, c, "-xc");
	find_types(b, machine, c);
	return ret ?: add_flag(b, c, NULL);
}

static int call_clang(struct skep_building *b, const char *machine, struct skep_text *object)
{
	bool is_this = !strcmp(machine, skep_clang_machine());
	struct compile c = { 0 };
	struct skep_clang_opts opts = { .clang = b->opts->clang, .is_reproducible = true };
	int ret = collect_flags(b, machine, &c);

	opts.flags = c.flags.items;
	opts.depfile = b->opts->depfile;
	opts.produces = b->opts->produces;
	/* What `bpf` alone means is clang's own machine, which may be another than this. */
	opts.machine = machine;
	opts.types = c.types.len ? skep_text_string(&c.types) : is_this ? NULL : "";
	ret = ret ?: skep_source_compile(b->opts->source, &opts, object, b->err);
	if (ret && !is_this && !c.types.len)
		skep_error_add_hint(b->err,
				    "if it is vmlinux.h of %s that lacks: it is looked for in "
				    "include/vmlinux/%s/ of the folder that -w gives",
				    machine, machine);
	if (c.before.len)
		unlink(skep_text_string(&c.before));
	skep_text_free(&c.before);
	skep_text_free(&c.include);
	skep_text_free(&c.types);
	skep_vec_free(&c.flags);
	return ret;
}

static bool is_known(const char *machine)
{
	for (const char *const *known = skep_build_machines; *known; known++)
		if (!strcmp(*known, machine))
			return true;
	return false;
}

static int check_machine(const struct skep_building *b, size_t i)
{
	const char *machine = b->opts->machines[i];

	if (!is_known(machine)) {
		skep_error_set(b->err, SKEP_STAGE_USAGE, EINVAL, "'%s' is not a machine", machine);
		skep_error_add_hint(b->err, "machines: x86, arm64, arm, i386, riscv, s390, "
					    "loongarch, powerpc, mips");
		return -EINVAL;
	}
	for (size_t k = 0; k < i; k++)
		if (!strcmp(machine, b->opts->machines[k]))
			return skep_error_set(b->err, SKEP_STAGE_USAGE, EINVAL,
					      "machine %s is given twice", machine);
	return 0;
}

/* Objects of the same bytes are kept once. */
static const void *find_same(struct skep_package *package, const struct skep_text *bytes)
{
	skep_vec_for_each(&package->objects, object)
		if (object->len == bytes->len && !memcmp(object->data, bytes->data, bytes->len))
			return object->data;
	return NULL;
}

static int add_object(struct skep_building *b, const char *machine, const struct skep_text *bytes)
{
	const void *data = find_same(b->package, bytes);
	struct skep_package_object *object = skep_vec_push(&b->package->objects);

	if (!data)
		data = skep_build_text(b, bytes->data, bytes->len);
	machine = skep_build_text(b, machine, strlen(machine));
	if (!object || !data || !machine)
		return skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	*object =
		(struct skep_package_object){ .machine = machine,
					      .data = data,
					      .len = bytes->len,
					      .is_big_endian = skep_clang_is_big_endian(machine) };
	return 0;
}

static int compile_for(struct skep_building *b, const char *machine)
{
	SKEP_SCOPED(skep_text_free) struct skep_text object = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text bare = { 0 };
	int ret = call_clang(b, machine, &object);

	ret = ret ?: skep_elf_strip(object.data, object.len, &bare, b->err);
	return ret ?: add_object(b, machine, &bare);
}

int skep_build_compile(struct skep_building *b)
{
	const char *const *machines = b->opts->machines;
	size_t n = b->opts->n_machines;
	int ret = 0;

	if (n > MAX_MACHINES)
		return skep_error_set(b->err, SKEP_STAGE_USAGE, E2BIG, "more than %d machines",
				      MAX_MACHINES);
	for (size_t i = 0; i < n && !ret; i++)
		ret = check_machine(b, i);
	for (size_t i = 0; i < n && !ret; i++) {
		if (b->opts->progress && n > 1)
			b->opts->progress(b->opts->ctx, i, n, machines[i]);
		ret = compile_for(b, machines[i]);
	}
	return ret || n ? ret : compile_for(b, skep_clang_machine());
}
