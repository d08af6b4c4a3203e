// SPDX-License-Identifier: MIT
/* Kernels' types, cut to what the objects need. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <dirent.h>

#include <skep/btf_minimal.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/building.h"

#define MAX_BTFS  4096
#define MAX_DEPTH 8

SKEP_DEFINE_SCOPED(btf, struct skep_btf, skep_btf_free)

/* A kernel's file, and what it is called in the package. */
struct kernel {
	char *file;
	const char *path; /* in file */
};

struct work {
	struct skep_building *b;
	struct skep_vec(struct kernel) kernels;
	struct skep_vec(struct skep_spec *) specs; /* of objects that differ */
};

static bool is_btf_name(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && !strcmp(name + len - 4, ".btf");
}

static int add_kernel(struct work *w, const char *file, size_t prefix)
{
	struct kernel *kernel;

	if (w->kernels.len == MAX_BTFS)
		return skep_error_set(w->b->err, SKEP_STAGE_USAGE, E2BIG,
				      "more than %d kernels' types", MAX_BTFS);
	kernel = skep_vec_push(&w->kernels);
	if (kernel)
		kernel->file = strdup(file);
	if (!kernel || !kernel->file)
		return skep_error_nomem(w->b->err, SKEP_STAGE_BUILD);
	kernel->path = kernel->file + prefix;
	return 0;
}

static int cannot_read(struct work *w, const char *path)
{
	return skep_error_set_errno(w->b->err, SKEP_STAGE_READ, errno, "%s cannot be read", path);
}

static int add_folder(struct work *w, const char *folder, size_t prefix, unsigned int depth);

static int add_entry(struct work *w, const char *path, size_t prefix, unsigned int depth)
{
	struct stat st;

	/* What a link leads to may be elsewhere, or the folder itself. */
	if (lstat(path, &st))
		return cannot_read(w, path);
	if (S_ISDIR(st.st_mode))
		return add_folder(w, path, prefix, depth + 1);
	return S_ISREG(st.st_mode) && is_btf_name(path) ? add_kernel(w, path, prefix) : 0;
}

static int add_folder(struct work *w, const char *folder, size_t prefix, unsigned int depth)
{
	DIR *dir = depth < MAX_DEPTH ? opendir(folder) : NULL;
	struct dirent *entry;
	int ret = 0;

	if (!dir)
		return depth < MAX_DEPTH ? cannot_read(w, folder) : 0;
	while (!ret && (entry = readdir(dir))) {
		SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };

		if (entry->d_name[0] == '.')
			continue;
		skep_text_printf(&path, "%s/%s", folder, entry->d_name);
		ret = add_entry(w, skep_text_string(&path), prefix, depth);
	}
	closedir(dir);
	return ret;
}

/* The last four parts of a path that is laid out as BTFHub's, or the file's name alone. */
static size_t file_prefix(const char *file)
{
	size_t at = strlen(file);

	for (unsigned int parts = 0; at; at--)
		if (file[at - 1] == '/' && ++parts == 4)
			return at;
	return 0;
}

static int find_kernels(struct work *w)
{
	int ret = 0;

	for (size_t i = 0; i < w->b->opts->n_btfs && !ret; i++) {
		const char *path = w->b->opts->btfs[i];
		size_t before = w->kernels.len;
		struct stat st;

		if (stat(path, &st)) {
			ret = cannot_read(w, path);
		} else if (!S_ISDIR(st.st_mode)) {
			ret = add_kernel(w, path, file_prefix(path));
		} else {
			ret = add_folder(w, path, strlen(path) + 1, 0);
			if (!ret && w->kernels.len == before)
				ret = skep_error_set(w->b->err, SKEP_STAGE_USAGE, ENOENT,
						     "%s has no file that ends in .btf", path);
		}
	}
	return ret;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct kernel *)a)->path, ((const struct kernel *)b)->path);
}

/* The runner finds a kernel's types by its path. */
static int check_paths(struct work *w)
{
	if (w->kernels.len)
		qsort(w->kernels.items, w->kernels.len, sizeof(*w->kernels.items), compare);
	for (size_t i = 0; i < w->kernels.len; i++) {
		const struct kernel *kernel = &w->kernels.items[i];
		unsigned int slashes = 0;

		for (const char *c = kernel->path; *c; c++)
			slashes += *c == '/';
		if (slashes != 3 || !is_btf_name(kernel->path) || strstr(kernel->path, "//") ||
		    strstr(kernel->path, "..") || *kernel->path == '/') {
			skep_error_set(w->b->err, SKEP_STAGE_USAGE, EINVAL,
				       "%s does not say which kernel's types it has", kernel->file);
			skep_error_add_hint(w->b->err, "its path ends as BTFHub lays them out: "
						       "ID/VERSION_ID/MACHINE/RELEASE.btf");
			return -EINVAL;
		}
		if (i && !compare(kernel, kernel - 1))
			return skep_error_set(w->b->err, SKEP_STAGE_USAGE, EINVAL,
					      "%s and %s are both for the kernel %s",
					      kernel[-1].file, kernel->file, kernel->path);
	}
	return 0;
}

static int open_objects(struct work *w)
{
	const struct skep_package *p = w->b->package;

	for (size_t i = 0; i < p->objects.len; i++) {
		const struct skep_package_object *object = &p->objects.items[i];
		struct skep_spec_opts opts = { .size = sizeof(opts), .name = p->name };
		struct skep_spec **slot;

		if (i && object->data == p->objects.items[0].data)
			continue;
		slot = skep_vec_push(&w->specs);
		if (!slot)
			return skep_error_nomem(w->b->err, SKEP_STAGE_BUILD);
		*slot = skep_spec_read(object->data, object->len, &opts, w->b->err);
		if (!*slot)
			return -EINVAL;
	}
	return 0;
}

static int cut(struct work *w, const struct kernel *kernel)
{
	SKEP_SCOPED(skep_scoped_btf)
	struct skep_btf *full = skep_btf_open(kernel->file, NULL, w->b->err);
	SKEP_SCOPED(skep_scoped_btf) struct skep_btf *minimal = NULL;
	SKEP_SCOPED(skep_text_free) struct skep_text bytes = { 0 };
	struct skep_package_btf *btf;

	if (full)
		minimal = skep_btf_minimal(full, (const struct skep_spec *const *)w->specs.items,
					   w->specs.len, w->b->err);
	if (!minimal || skep_btf_write(minimal, &bytes, w->b->err)) {
		skep_error_add_subject(w->b->err, "types in %s", kernel->file);
		return -EINVAL;
	}
	btf = skep_vec_push(&w->b->package->btfs);
	if (!btf)
		return skep_error_nomem(w->b->err, SKEP_STAGE_BUILD);
	btf->path = skep_build_text(w->b, kernel->path, strlen(kernel->path));
	btf->data = skep_build_text(w->b, bytes.data, bytes.len);
	btf->len = bytes.len;
	return btf->path && btf->data ? 0 : -ENOMEM;
}

static int cut_all(struct work *w)
{
	int ret = 0;

	for (size_t i = 0; i < w->kernels.len && !ret; i++) {
		if (w->b->opts->progress)
			w->b->opts->progress(w->b->opts->ctx, i, w->kernels.len,
					     w->kernels.items[i].path);
		ret = cut(w, &w->kernels.items[i]);
	}
	return ret;
}

int skep_build_btfs(struct skep_building *b)
{
	struct work w = { .b = b };
	int ret;

	if (!b->opts->n_btfs)
		return 0;
	ret = find_kernels(&w) ?: check_paths(&w) ?: open_objects(&w) ?: cut_all(&w);
	skep_vec_for_each(&w.kernels, kernel)
		free(kernel->file);
	skep_vec_free(&w.kernels);
	skep_vec_for_each(&w.specs, spec)
		skep_spec_free(*spec);
	skep_vec_free(&w.specs);
	return ret;
}
