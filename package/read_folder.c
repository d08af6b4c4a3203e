// SPDX-License-Identifier: MIT
/* A folder: an OCI layout, a package.json or package.yaml, or one object, source or description. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/read_parts.h"

static int find_in_folder(struct skep_files *files, const char *path, const void **data,
			  size_t *len, struct skep_error *err)
{
	/* Pipes are not waited for. */
	SKEP_SCOPED(skep_scoped_fd)
	int fd = openat(files->folder, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "%s cannot be opened",
					    path);
	return skep_package_load(files->package, fd, path, data, len, err);
}

static bool has(int folder, const char *name)
{
	return !faccessat(folder, name, R_OK, 0);
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && !strcmp(name + len - end_len, end);
}

/* How many names end so, and one of them. */
static size_t count_names(DIR *dir, const char *end, char name[NAME_MAX + 1])
{
	const struct dirent *entry;
	size_t n = 0;

	rewinddir(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !ends_with(entry->d_name, end))
			continue;
		snprintf(name, NAME_MAX + 1, "%s", entry->d_name);
		n++;
	}
	return n;
}

/* The only file of the first of these kinds that there are any of. */
static int find_only(DIR *dir, char name[NAME_MAX + 1], struct skep_error *err)
{
	static const char *const kinds[] = { ".skel.json", ".skel.yaml", ".skep", ".bpf.o",
					     ".bpf.c" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t n = count_names(dir, kinds[i], name);

		if (n == 1)
			return 0;
		if (n > 1) {
			skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				       "the folder has %zu files *%s, and no package.json", n,
				       kinds[i]);
			skep_error_add_hint(err, "name the one that is meant");
			return -EINVAL;
		}
	}
	skep_error_set(err, SKEP_STAGE_READ, ENOENT, "the folder has no package in it");
	skep_error_add_hint(err, "package.json, package.yaml, oci-layout, *.skep, *.skel.json, "
				 "*.bpf.o and *.bpf.c are looked for");
	return -ENOENT;
}

static int read_only(struct skep_package *package, DIR *dir, const char *folder_path,
		     struct skep_error *err)
{
	struct skep_package_read_opts opts = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	char name[NAME_MAX + 1];
	int ret = find_only(dir, name, err);

	if (ret)
		return ret;
	skep_text_printf(&path, "%s/%s", folder_path, name);
	opts.path = skep_text_string(&path);
	return skep_package_open_parts(package, opts.path, &opts, err);
}

int skep_package_read_folder(struct skep_package *package, int folder,
			     const struct skep_package_read_opts *opts, struct skep_error *err)
{
	struct skep_files files = { .find = find_in_folder, .package = package, .folder = folder };
	const char *chosen = has(folder, "package.json") ? "package.json" :
			     has(folder, "package.yaml") ? "package.yaml" :
							   NULL;
	const void *data = NULL;
	size_t len = 0;
	DIR *dir;
	int ret;

	if (has(folder, "oci-layout"))
		return skep_package_read_layout(package, &files, err);
	if (chosen) {
		struct skep_package_read_opts inner = { .path = opts->path };

		ret = find_in_folder(&files, chosen, &data, &len, err);
		ret = ret ?: skep_package_read_parts(package, data, len, &inner, err);
		if (ret)
			skep_error_add_subject(err, "%s", chosen);
		return ret;
	}
	folder = fcntl(folder, F_DUPFD_CLOEXEC, 0);
	dir = folder < 0 ? NULL : fdopendir(folder);
	if (!dir) {
		ret = skep_error_set_errno(err, SKEP_STAGE_READ, errno,
					   "the folder cannot be read");
		if (folder >= 0)
			close(folder);
		return ret;
	}
	ret = read_only(package, dir, opts->path, err);
	closedir(dir);
	return ret;
}
