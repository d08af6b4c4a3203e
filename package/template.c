// SPDX-License-Identifier: MIT
#include "package/template.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"
#include "package/dirs.h"

#define MAX_FILE (1u << 20)

static void scoped_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

int skep_template_read(int dir, const char *name, struct skep_text *text, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 1;

	while (n > 0 && text->len <= MAX_FILE) {
		if (!skep_text_room(text, 4096))
			return skep_error_nomem(err, SKEP_STAGE_BUILD);
		n = read(fd, text->data + text->len, 4096);
		text->len += n > 0 ? (size_t)n : 0;
	}
	if (!n)
		return 0;
	return skep_error_set_errno(err, SKEP_STAGE_BUILD, n < 0 ? errno : EFBIG,
				    "the template's file %s cannot be read", name);
}

/* Makes one line of the first paragraph behind the title. NULL: no memory. */
static char *first_paragraph(const struct skep_text *readme)
{
	struct skep_text line = { 0 };
	const char *at, *end;

	if (!readme->len)
		return strdup("");
	at = memchr(readme->data, '\n', readme->len);
	end = readme->data + readme->len;
	while (at && at < end && *at == '\n')
		at++;
	while (at && at < end && !(at[0] == '\n' && (at + 1 == end || at[1] == '\n'))) {
		skep_text_char(&line, *at == '\n' ? ' ' : *at);
		at++;
	}
	skep_text_string(&line);
	return line.failed ? NULL : line.data;
}

static int add(struct skep_templates *list, int folders, const char *name)
{
	SKEP_SCOPED(skep_text_free) struct skep_text readme = { 0 };
	SKEP_SCOPED(skep_scoped_fd) int dir = openat(folders, name, O_RDONLY | O_DIRECTORY);
	struct skep_template *item;

	if (dir < 0 || name[0] == '.' || !strcmp(name, SKEP_TEMPLATE_COMMON))
		return 0;
	item = skep_vec_push(list);
	if (!item)
		return -ENOMEM;
	skep_template_read(dir, "README.md", &readme, NULL);
	item->name = strdup(name);
	item->summary = first_paragraph(&readme);
	return item->name && item->summary ? 0 : -ENOMEM;
}

static int by_name(const void *a, const void *b)
{
	const struct skep_template *x = a, *y = b;

	return strcmp(x->name, y->name);
}

DIR *skep_template_folder(struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	DIR *dir;

	if (skep_dir_templates(&path, err))
		return NULL;
	dir = opendir(skep_text_string(&path));
	if (!dir)
		skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "%s cannot be read", path.data);
	return dir;
}

int skep_template_list(struct skep_templates *list, struct skep_error *err)
{
	SKEP_SCOPED(scoped_dir) DIR *dir = skep_template_folder(err);
	struct dirent *entry;
	int ret = 0;

	if (!dir)
		return -ENOENT;
	while (!ret && (entry = readdir(dir)))
		ret = add(list, dirfd(dir), entry->d_name);
	if (ret) {
		skep_template_free(list);
		return skep_error_nomem(err, SKEP_STAGE_BUILD);
	}
	if (list->len)
		qsort(list->items, list->len, sizeof(*list->items), by_name);
	return 0;
}

void skep_template_free(struct skep_templates *list)
{
	skep_vec_for_each(list, item) {
		free(item->name);
		free(item->summary);
	}
	skep_vec_free(list);
}
