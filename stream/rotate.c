// SPDX-License-Identifier: MIT
#include "stream/rotate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"

#include <skep/text.h>

#define SECOND 1000000000ll
#define MICRO  1000ll

int64_t skep_rotation_next(int64_t now, int64_t every)
{
	return (now / every + 1) * every;
}

static void write_name(struct skep_text *out, const char *path, int64_t at)
{
	time_t seconds = (time_t)(at / SECOND);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	skep_text_printf(out, "%s.%04d%02d%02dT%02d%02d%02d.%06lldZ", path, tm.tm_year + 1900,
			 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
			 (long long)(at % SECOND / MICRO));
}

/* Some file systems cannot refuse to overwrite; then it is looked before. */
static int rename_to_new(const char *from, const char *to)
{
	if (!renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE))
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (!faccessat(AT_FDCWD, to, F_OK, AT_SYMLINK_NOFOLLOW))
		return -EEXIST;
	return rename(from, to) ? -errno : 0;
}

int skep_rotation_rename(const char *path, int64_t now, int64_t *last, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text name = { 0 };
	int64_t at = now / MICRO > *last / MICRO ? now : *last + MICRO;
	int ret;

	do {
		skep_text_reset(&name);
		write_name(&name, path, at);
		skep_text_string(&name);
		if (name.failed)
			return skep_error_nomem(err, SKEP_STAGE_DELIVER);
		*last = at;
		at += MICRO;
		ret = rename_to_new(path, name.data);
	} while (ret == -EEXIST);
	if (ret == -ENOENT) /* somebody else was faster */
		return 0;
	if (ret) {
		skep_error_set_errno(err, SKEP_STAGE_DELIVER, ret, "cannot be renamed");
		skep_error_add_object(err, "%s", path);
	}
	return ret;
}

/* "20261121T173045.123456Z" */
static bool is_time(const char *s)
{
	static const char shape[] = "ddddddddTdddddd.ddddddZ";

	for (size_t i = 0; i < sizeof(shape); i++)
		if (shape[i] == 'd' ? s[i] < '0' || s[i] > '9' : s[i] != shape[i])
			return false;
	return true;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void skep_rotation_keep(const char *path, uint64_t keep)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	DIR *dir = keep != UINT64_MAX && folder ? opendir(folder) : NULL;
	struct skep_vec(char *) names = { 0 };
	size_t len = strlen(base);

	free(folder);
	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));) {
		bool is_ours = !strncmp(entry->d_name, base, len) && entry->d_name[len] == '.' &&
			       is_time(entry->d_name + len + 1);
		char *name = is_ours ? strdup(entry->d_name) : NULL;
		char **slot = name ? skep_vec_push(&names) : NULL;

		if (slot)
			*slot = name;
		else
			free(name);
	}
	if (names.len)
		qsort(names.items, names.len, sizeof(*names.items), compare);
	for (size_t i = 0; i < names.len; i++) {
		if (names.len - i > keep)
			unlinkat(dirfd(dir), names.items[i], 0);
		free(names.items[i]);
	}
	skep_vec_free(&names);
	closedir(dir);
}
