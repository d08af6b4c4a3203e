// SPDX-License-Identifier: MIT
#include "cli/btf_source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <skep/system.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/scan.h"
#include "cli/inspect/inspect.h"

#define FOLDER "/sys/kernel/btf/"

static int open_kernel(struct btf_source *source, struct skep_error *err)
{
	source->btf = skep_btf_kernel(err);
	return source->btf ? 0 : -EINVAL;
}

static int open_loaded(struct btf_source *source, uint32_t id, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_system_open(SKEP_SYSTEM_BTFS, id, err);

	if (fd < 0)
		return fd;
	source->own = skep_system_btf_open(fd, err);
	source->btf = source->own;
	return source->btf ? 0 : -EINVAL;
}

static int open_id(struct btf_source *source, const char *digits, struct skep_error *err)
{
	const char *rest = digits;
	uint64_t id;

	if (*digits == '-' || !skep_scan_number(&rest, 10, &id) || *rest || id > UINT32_MAX) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' is no id of BTF", digits);
		skep_error_add_hint(err, "give a number: id:42");
		return -EINVAL;
	}
	return open_loaded(source, (uint32_t)id, err);
}

/* Of a program or map, named as everywhere. */
static int open_thing(struct btf_source *source, enum skep_system_kind kind, const char *word,
		      struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = inspect_open(kind, word, err);
	struct skep_map_info map = { .size = sizeof(map) };
	struct skep_system_program *p = NULL;
	uint32_t id = 0;

	if (fd < 0)
		return fd;
	if (kind == SKEP_SYSTEM_PROGRAMS) {
		p = skep_system_program_read(fd, SKEP_SYSTEM_OPENED, err);
		if (!p)
			return -EINVAL;
		id = p->btf_id;
		skep_system_program_free(p);
	} else if (skep_system_map_read(fd, &map, err)) {
		return -EINVAL;
	}
	id = id ?: map.btf_id ?: map.vmlinux_btf_id;
	if (id)
		return open_loaded(source, id, err);
	if (map.vmlinux_value_type_id)
		return open_kernel(source, err);
	return skep_error_set(err, SKEP_STAGE_READ, ENOENT, "'%s' has no BTF", word);
}

/* Modules' files continue the kernel's types. */
static int open_file(struct btf_source *source, const char *path, const char *base,
		     struct skep_error *err)
{
	struct skep_btf_opts opts = { .size = sizeof(opts) };
	bool is_module = !strncmp(path, FOLDER, strlen(FOLDER)) && strcmp(path, FOLDER "vmlinux");

	if (base) {
		source->base = skep_btf_open(base, NULL, err);
		opts.base = source->base;
	} else if (is_module) {
		opts.base = skep_btf_kernel(err);
	}
	if ((base || is_module) && !opts.base)
		return -EINVAL;
	source->own = skep_btf_open(path, &opts, err);
	source->btf = source->own;
	return source->btf ? 0 : -EINVAL;
}

static int open_module(struct btf_source *source, const char *name, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	int ret;

	if (!*name || strchr(name, '/'))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' is no name of a module",
				      name);
	skep_text_printf(&path, FOLDER "%s", name);
	ret = open_file(source, skep_text_string(&path), NULL, err);
	if (ret)
		skep_error_add_hint(err, "the module must be loaded and built with BTF");
	return ret;
}

int btf_source_open(struct btf_source *source, const char *word, const char *base,
		    struct skep_error *err)
{
	int ret;

	*source = (struct btf_source){ 0 };
	if (!word || !strcmp(word, "kernel"))
		ret = open_kernel(source, err);
	else if (skep_scan_word(&word, "module:"))
		ret = open_module(source, word, err);
	else if (skep_scan_word(&word, "id:"))
		ret = open_id(source, word, err);
	else if (skep_scan_word(&word, "prog:"))
		ret = open_thing(source, SKEP_SYSTEM_PROGRAMS, word, err);
	else if (skep_scan_word(&word, "map:"))
		ret = open_thing(source, SKEP_SYSTEM_MAPS, word, err);
	else
		ret = open_file(source, word, base, err);
	if (!ret && base && !source->base)
		ret = skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				     "only what is read from a file can continue other BTF");
	ret = ret ?: skep_btf_check(source->btf, err);
	if (ret)
		btf_source_close(source);
	return ret;
}

void btf_source_close(struct btf_source *source)
{
	skep_btf_free(source->own);
	skep_btf_free(source->base);
	*source = (struct btf_source){ 0 };
}
