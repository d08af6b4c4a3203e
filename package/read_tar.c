// SPDX-License-Identifier: MIT
/* A tar: an OCI layout, or a package.json or object beside types of kernels. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "package/read_parts.h"

#define ARCHIVE "btfhub-archive/"

struct files_of_tar {
	struct skep_vec(struct skep_tar_entry) list;
};

/* All files of a tar, each path once: of two, readers would take different ones. */
static int list_files(struct files_of_tar *files, const void *data, size_t len,
		      struct skep_error *err)
{
	struct skep_tar tar = { data, len, 0, 0 };
	struct skep_tar_entry entry;
	int ret;

	while ((ret = skep_tar_next(&tar, &entry, err)) > 0) {
		struct skep_tar_entry *slot;

		if (entry.is_folder)
			continue;
		skep_vec_for_each(&files->list, other)
			if (!strcmp(other->path, entry.path)) {
				skep_error_set(err, SKEP_STAGE_READ, EINVAL, "it is there twice");
				skep_error_add_subject(err, "entry '%s' of the tar", entry.path);
				return -EINVAL;
			}
		slot = skep_vec_push(&files->list);
		if (!slot)
			return skep_error_nomem(err, SKEP_STAGE_READ);
		*slot = entry;
	}
	return ret;
}

static const struct skep_tar_entry *find(const struct skep_tar_entry *entries, size_t n,
					 const char *path)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(entries[i].path, path))
			return &entries[i];
	return NULL;
}

static int find_in_tar(struct skep_files *files, const char *path, const void **data, size_t *len,
		       struct skep_error *err)
{
	const struct skep_tar_entry *entry = find(files->entries, files->n_entries, path);

	if (!entry)
		return skep_error_set(err, SKEP_STAGE_READ, ENOENT, "the tar has no %s", path);
	*len = entry->len;
	*data = entry->data;
	return 0;
}

static int add_btf(struct skep_package *package, const struct skep_tar_entry *entry,
		   const char *path, struct skep_error *err)
{
	struct skep_package_btf *btf;
	size_t len = strlen(path);

	if (len < 4 || strcmp(path + len - 4, ".btf"))
		return 0;
	btf = skep_vec_push(&package->btfs);
	if (!btf)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	btf->path = skep_arena_string(&package->arena, path, len);
	btf->data = entry->data;
	btf->len = entry->len;
	return btf->path ? 0 : skep_error_nomem(err, SKEP_STAGE_READ);
}

static int add_btfs(struct skep_package *package, const struct files_of_tar *files,
		    const char *root, struct skep_error *err)
{
	size_t len = strlen(root);
	int ret = 0;

	skep_vec_for_each(&files->list, entry) {
		if (!strncmp(entry->path, root, len))
			ret = ret ?: add_btf(package, entry, entry->path + len, err);
	}
	return ret;
}

int skep_package_add_btfs(struct skep_package *package, const void *data, size_t len,
			  const char *root, struct skep_error *err)
{
	struct files_of_tar files = { 0 };
	int ret = list_files(&files, data, len, err);

	ret = ret ?: add_btfs(package, &files, root, err);
	skep_vec_free(&files.list);
	return ret;
}

/* package.json, package.yaml, or the only other file outside of the archive of types. */
static const struct skep_tar_entry *find_main(const struct files_of_tar *files,
					      struct skep_error *err)
{
	const struct skep_tar_entry *chosen, *only = NULL;
	size_t n = 0;

	chosen = find(files->list.items, files->list.len, "package.json");
	if (!chosen)
		chosen = find(files->list.items, files->list.len, "package.yaml");
	if (chosen)
		return chosen;
	skep_vec_for_each(&files->list, entry) {
		if (!strncmp(entry->path, ARCHIVE, strlen(ARCHIVE)))
			continue;
		only = entry;
		n++;
	}
	if (n == 1)
		return only;
	skep_error_set(err, SKEP_STAGE_READ, EINVAL,
		       "the tar is no package: it has neither oci-layout nor package.json");
	return NULL;
}

static int read_layout(struct skep_package *package, const struct files_of_tar *files,
		       struct skep_error *err)
{
	struct skep_files found = { .find = find_in_tar,
				    .package = package,
				    .entries = files->list.items,
				    .n_entries = files->list.len };

	return skep_package_read_layout(package, &found, err);
}

static int read_files(struct skep_package *package, const struct files_of_tar *files,
		      const struct skep_package_read_opts *opts, struct skep_error *err)
{
	struct skep_package_read_opts inner = { .path = opts->path };
	const struct skep_tar_entry *chosen;
	int ret;

	if (find(files->list.items, files->list.len, "oci-layout"))
		return read_layout(package, files, err);
	chosen = find_main(files, err);
	if (!chosen)
		return -EINVAL;
	if (skep_tar_is(chosen->data, chosen->len))
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "the tar has a tar in it");
	ret = skep_package_read_parts(package, chosen->data, chosen->len, &inner, err);
	if (ret) {
		skep_error_add_subject(err, "entry '%s' of the tar", chosen->path);
		return ret;
	}
	return add_btfs(package, files, ARCHIVE, err);
}

int skep_package_read_tar(struct skep_package *package, const void *data, size_t len,
			  const struct skep_package_read_opts *opts, struct skep_error *err)
{
	struct files_of_tar files = { 0 };
	int ret = list_files(&files, data, len, err);

	ret = ret ?: read_files(package, &files, opts, err);
	skep_vec_free(&files.list);
	return ret;
}

int skep_package_read_skep(struct skep_package *package, const void *data, size_t len,
			   struct skep_error *err)
{
	struct files_of_tar files = { 0 };
	int ret = list_files(&files, data, len, err) ?: read_layout(package, &files, err);

	skep_vec_free(&files.list);
	return ret;
}
