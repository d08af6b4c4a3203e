// SPDX-License-Identifier: MIT
#include "kernel/modules.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "btf/index.h"
#include "kernel/bpf.h"
#include "kernel/btf_object.h"

#define FOLDER	    "/sys/kernel/btf"
#define MAX_MODULES 65536

/* The name that the kernel's own BTF has among those of modules. */
static bool is_kernel(const char *name)
{
	return !strcmp(name, "vmlinux");
}

static int add(struct skep_modules *m, const char *name, uint32_t id)
{
	struct skep_module *list = realloc(m->list, (m->n + 1) * sizeof(*list));
	char *copy = list ? strdup(name) : NULL;

	m->list = list ?: m->list;
	if (!copy)
		return -ENOMEM;
	list[m->n++] = (struct skep_module){ .name = copy, .id = id, .fd = -1 };
	return 0;
}

static int list_folder(struct skep_modules *m, DIR *dir)
{
	const struct dirent *entry;
	int ret = 0;

	while (!ret && m->n < MAX_MODULES && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !is_kernel(entry->d_name))
			ret = add(m, entry->d_name, 0);
	return ret;
}

/* What the kernel says about a BTF object; 1 when it is a module's, 0 when not, or -errno. */
static int describe(int fd, char name[64], struct bpf_btf_info *info)
{
	int ret;

	memset(info, 0, sizeof(*info));
	memset(name, 0, 64);
	info->name = (uintptr_t)name;
	info->name_len = 64;
	ret = skep_bpf_info(fd, info, sizeof(*info));
	if (ret)
		return ret;
	return info->kernel_btf && name[0] && !is_kernel(name);
}

/*
 * Goes over all BTF objects in the kernel: lists the modules among them if @m has no list, and
 * otherwise gives those listed their ids.
 */
static int walk_ids(struct skep_modules *m, bool adds)
{
	uint32_t id = 0;
	int ret = 0;

	while (!ret && !(ret = skep_bpf_next_id(BPF_BTF_GET_NEXT_ID, id, &id))) {
		SKEP_SCOPED(skep_scoped_fd) int fd = skep_bpf_fd_by_id(BPF_BTF_GET_FD_BY_ID, id);
		struct bpf_btf_info info;
		char name[64];

		/* Gone since its id was given. */
		if (fd == -ENOENT)
			continue;
		if (fd < 0)
			return fd;
		if (describe(fd, name, &info) <= 0)
			continue;
		if (adds)
			ret = add(m, name, id);
		for (size_t i = 0; i < m->n && !adds; i++)
			if (!strcmp(m->list[i].name, name))
				m->list[i].id = id;
	}
	return ret == -ENOENT ? 0 : ret;
}

static int by_name(const void *a, const void *b)
{
	const struct skep_module *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int skep_modules_list(struct skep_modules *m, const struct skep_btf *kernel, struct skep_error *err)
{
	DIR *dir;
	int ret;

	if (m->listed)
		return 0;
	m->kernel = kernel;
	dir = opendir(FOLDER);
	if (dir) {
		ret = list_folder(m, dir);
		closedir(dir);
	} else {
		ret = walk_ids(m, true);
	}
	if (ret == -ENOMEM)
		return skep_error_nomem(err, SKEP_STAGE_RESOLVE);
	if (ret)
		return skep_error_set_errno(err, SKEP_STAGE_RESOLVE, ret,
					    "the BTF of modules cannot be listed");
	m->listed = true;
	if (m->n)
		qsort(m->list, m->n, sizeof(*m->list), by_name);
	return 0;
}

/* The kernel's copy, where no file has it. */
static struct skep_btf *read_object(struct skep_module *module, const struct skep_btf_opts *opts)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_bpf_fd_by_id(BPF_BTF_GET_FD_BY_ID, module->id);
	uint32_t size;

	if (fd < 0)
		return NULL;
	module->data = skep_btf_object_read(fd, &size);
	return module->data ? skep_btf_new(module->data, size, opts, NULL) : NULL;
}

static struct skep_btf *open_module(struct skep_module *module, const struct skep_btf *base)
{
	struct skep_btf_opts opts = { .size = sizeof(opts), .base = base, .name = module->name };
	char path[512];

	if (module->id)
		return read_object(module, &opts);
	if (snprintf(path, sizeof(path), FOLDER "/%s", module->name) >= (int)sizeof(path))
		return NULL;
	return skep_btf_open(path, &opts, NULL);
}

const struct skep_btf *skep_module_btf(struct skep_modules *m, size_t i)
{
	struct skep_module *module = i < m->n ? &m->list[i] : NULL;

	if (module && !module->tried) {
		module->tried = true;
		module->btf = open_module(module, m->kernel);
	}
	return module ? module->btf : NULL;
}

int skep_module_fd(struct skep_modules *m, size_t i, struct skep_error *err)
{
	struct skep_module *module = &m->list[i];
	int ret = 0;

	if (module->fd >= 0)
		return module->fd;
	if (!module->id)
		ret = walk_ids(m, false);
	if (!ret && !module->id)
		ret = -ENOENT;
	if (!ret)
		ret = skep_bpf_fd_by_id(BPF_BTF_GET_FD_BY_ID, module->id);
	if (ret < 0)
		return skep_error_set_errno(err, SKEP_STAGE_RESOLVE, ret,
					    "the BTF of module '%s' cannot be opened",
					    module->name);
	return module->fd = ret;
}

uint32_t skep_module_find(struct skep_modules *m, size_t i, const char *name, uint32_t kind)
{
	const struct skep_btf *btf = skep_module_btf(m, i);
	uint32_t first = skep_btf_count(m->kernel);
	const uint32_t *ids = NULL;
	size_t n;

	if (btf)
		ids = skep_btf_named(btf, name, skep_btf_essential_len(name), &n);
	for (size_t k = 0; ids && k < n; k++)
		if (ids[k] >= first && skep_btf_kind(skep_btf_type(btf, ids[k])) == kind &&
		    !strcmp(skep_btf_name(btf, ids[k]), name))
			return ids[k];
	return 0;
}

uint32_t skep_modules_find(struct skep_modules *m, const char *name, uint32_t kind, size_t *i)
{
	uint32_t id;

	for (*i = 0; *i < m->n; ++*i) {
		id = skep_module_find(m, *i, name, kind);
		if (id)
			return id;
	}
	return 0;
}

void skep_modules_free(struct skep_modules *m)
{
	for (size_t i = 0; i < m->n; i++) {
		skep_btf_free(m->list[i].btf);
		free(m->list[i].data);
		free(m->list[i].name);
		if (m->list[i].fd >= 0)
			close(m->list[i].fd);
	}
	free(m->list);
	*m = (struct skep_modules){ 0 };
}
