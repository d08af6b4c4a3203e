/* SPDX-License-Identifier: MIT */
/*
 * Projects to begin with: share/skep/templates has a folder for each, and `common` for what all
 * have. In a file's text PROJECT is the project's name and PKGCONFIG_FOLDER where skep.pc is; in a
 * file's name "program" is the project's.
 */
#ifndef SKEP_PACKAGE_TEMPLATE_H
#define SKEP_PACKAGE_TEMPLATE_H

#include <dirent.h>
#include <stddef.h>
#include <skep/error.h>
#include <skep/text.h>

#define SKEP_TEMPLATE_COMMON "common"

struct skep_template {
	char *name;
	char *summary; /* the first paragraph of its README.md */
};

struct skep_templates {
	struct skep_template *items; /* by name */
	size_t len, cap;
};

/* All that are installed. ENOENT: their folder is not where it should be. */
int skep_template_list(struct skep_templates *list, struct skep_error *err);
void skep_template_free(struct skep_templates *list);

/* Where they all are; and a file of one of them, whose folder is open. */
DIR *skep_template_folder(struct skep_error *err);
int skep_template_read(int dir, const char *name, struct skep_text *text, struct skep_error *err);

/*
 * package/project.c: makes the folder @name in the present one, whole or not at all. EINVAL: @name
 * is no identifier; EEXIST: there is something of that name, which stays as it is; ENOENT: no such
 * template (a near name is told).
 */
int skep_template_make(const char *template, const char *name, struct skep_error *err);

#endif
