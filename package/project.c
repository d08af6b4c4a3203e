// SPDX-License-Identifier: MIT
/* A template becomes a project. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/near.h"
#include "base/vec.h"
#include "package/dirs.h"
#include "package/template.h"

#define MAX_NAME 40

static void scoped_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

struct project {
	const char *name;
	struct skep_text pkgconfig;
	int dir; /* where the files go */
};

/* Within single quotes in a Makefile. */
static void put_quoted(struct skep_text *out, const char *path)
{
	for (; *path; path++) {
		if (*path == '\'')
			skep_text_lit(out, "'\\''");
		else if (*path == '$')
			skep_text_lit(out, "$$");
		else if (*path == '#')
			skep_text_lit(out, "\\#");
		else
			skep_text_char(out, *path);
	}
}

static void expand(struct project *project, const struct skep_text *from, struct skep_text *to)
{
	static const char name[] = "PROJECT", pkgconfig[] = "PKGCONFIG_FOLDER";

	for (size_t i = 0; i < from->len;) {
		const char *at = from->data + i;
		size_t rest = from->len - i;

		if (rest >= strlen(name) && !memcmp(at, name, strlen(name))) {
			skep_text_str(to, project->name);
			i += strlen(name);
		} else if (rest >= strlen(pkgconfig) && !memcmp(at, pkgconfig, strlen(pkgconfig))) {
			put_quoted(to, skep_text_string(&project->pkgconfig));
			i += strlen(pkgconfig);
		} else {
			skep_text_char(to, *at);
			i++;
		}
	}
}

static int write_file(const struct project *project, const char *name, const struct skep_text *text,
		      struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd)
	int fd = openat(project->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	size_t done = 0;

	while (fd >= 0 && done < text->len) {
		ssize_t n = write(fd, text->data + done, text->len - done);

		if (n < 0)
			break;
		done += (size_t)n;
	}
	if (fd >= 0 && done == text->len)
		return 0;
	return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "%s cannot be written", name);
}

/* "program.bpf.c" of a template is "NAME.bpf.c" in a project. */
static void file_name(const struct project *project, const char *from, struct skep_text *to)
{
	static const char program[] = "program";

	if (!strncmp(from, program, strlen(program))) {
		skep_text_str(to, project->name);
		from += strlen(program);
	} else if (!strcmp(from, "gitignore")) {
		skep_text_char(to, '.');
	}
	skep_text_str(to, from);
}

static int copy_file(struct project *project, int dir, const char *name, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text from = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text to = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text new_name = { 0 };
	int ret = skep_template_read(dir, name, &from, err);

	if (ret)
		return ret;
	expand(project, &from, &to);
	file_name(project, name, &new_name);
	skep_text_string(&new_name);
	if (to.failed || new_name.failed)
		return skep_error_nomem(err, SKEP_STAGE_BUILD);
	return write_file(project, new_name.data, &to, err);
}

static int copy_folder(struct project *project, int templates, const char *name,
		       struct skep_error *err)
{
	int fd = openat(templates, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	SKEP_SCOPED(scoped_dir) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int ret = 0;

	if (!dir)
		return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno,
					    "the template %s cannot be read", name);
	while (!ret && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			ret = copy_file(project, fd, entry->d_name, err);
	return ret;
}

static void remove_folder(int dir, const char *path)
{
	DIR *list = dir < 0 ? NULL : fdopendir(dup(dir));
	struct dirent *entry;

	while (list && (entry = readdir(list)))
		unlinkat(dir, entry->d_name, 0);
	if (list)
		closedir(list);
	rmdir(path);
}

static int exists(const char *name, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_BUILD, EEXIST, "there is '%s' already, which stays as it is",
		       name);
	skep_error_add_hint(err, "choose another name, or another folder");
	return -EEXIST;
}

/* Some file systems cannot rename without replacing. */
static int put_in_place(const char *path, const char *name, struct skep_error *err)
{
	if (!renameat2(AT_FDCWD, path, AT_FDCWD, name, RENAME_NOREPLACE))
		return 0;
	if (errno == EINVAL && faccessat(AT_FDCWD, name, F_OK, AT_SYMLINK_NOFOLLOW) &&
	    !rename(path, name))
		return 0;
	if (errno == EEXIST || errno == ENOTEMPTY)
		return exists(name, err);
	return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "'%s' cannot be made", name);
}

static int fill(struct project *project, DIR *templates, const char *template,
		struct skep_error *err)
{
	int ret = copy_folder(project, dirfd(templates), SKEP_TEMPLATE_COMMON, err);

	return ret ?: copy_folder(project, dirfd(templates), template, err);
}

static int make(struct project *project, DIR *templates, const char *template,
		struct skep_error *err)
{
	char path[MAX_NAME + 32];
	int ret;

	snprintf(path, sizeof(path), ".%s.%d", project->name, (int)getpid());
	if (mkdir(path, 0777))
		return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno,
					    "no folder can be made here");
	project->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ret = project->dir < 0 ? skep_error_set_errno(err, SKEP_STAGE_BUILD, errno,
						      "%s cannot be opened", path) :
				 fill(project, templates, template, err);
	ret = ret ?: put_in_place(path, project->name, err);
	if (ret)
		remove_folder(project->dir, path);
	if (project->dir >= 0)
		close(project->dir);
	return ret;
}

/* What make is asked for cannot be a file's name too. */
static bool is_goal(const char *name)
{
	static const char *const goals[] = { "all", "clean", "run", "test" };

	for (size_t i = 0; i < sizeof(goals) / sizeof(goals[0]); i++)
		if (!strcmp(goals[i], name))
			return true;
	return false;
}

static int check_name(const char *name, struct skep_error *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	size_t len =
		strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

	if (*name && !name[len] && len <= MAX_NAME && strchr(letters, *name) && !is_goal(name))
		return 0;
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' cannot be the name of a project", name);
	if (is_goal(name))
		skep_error_add_hint(err, "make has a use for it: choose another one");
	else
		skep_error_add_hint(
			err,
			"give at most %d letters, digits and '_', a letter first: files "
			"and structs are named after it",
			MAX_NAME);
	return -EINVAL;
}

/* Of a short name not all letters may be others. */
static bool is_near(const char *name, const char *asked)
{
	unsigned int distance = skep_name_distance(name, asked);

	return distance <= 2 && distance < strlen(asked);
}

static int check_template(const char *template, struct skep_error *err)
{
	struct skep_templates list = { 0 };
	int ret = skep_template_list(&list, err);
	const char *near = NULL;

	if (ret)
		return ret;
	ret = -ENOENT;
	skep_vec_for_each(&list, item) {
		if (!strcmp(item->name, template))
			ret = 0;
		else if (is_near(item->name, template))
			near = item->name;
	}
	if (ret) {
		skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "there is no template '%s'",
			       template);
		if (near)
			skep_error_add_hint(err, "did you mean '%s'?", near);
		else
			skep_error_add_hint(err, "skep new --list tells which there are");
	}
	skep_template_free(&list);
	return ret;
}

int skep_template_make(const char *template, const char *name, struct skep_error *err)
{
	SKEP_SCOPED(scoped_dir) DIR *templates = NULL;
	struct project project = { .name = name };
	int ret = check_name(name, err) ?: check_template(template, err);

	if (ret)
		return ret;
	if (!faccessat(AT_FDCWD, name, F_OK, AT_SYMLINK_NOFOLLOW))
		return exists(name, err);
	templates = skep_template_folder(err);
	if (!templates)
		return -ENOENT;
	skep_dir_pkgconfig(&project.pkgconfig);
	ret = make(&project, templates, template, err);
	skep_text_free(&project.pkgconfig);
	return ret;
}
