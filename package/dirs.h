/* SPDX-License-Identifier: MIT */
/* Where skep's own files are, and where it keeps what can be made again. */
#ifndef SKEP_PACKAGE_DIRS_H
#define SKEP_PACKAGE_DIRS_H

#include <skep/error.h>
#include <skep/text.h>

/*
 * The folder that holds skep/bpf/: $SKEP_INCLUDE, or beside the running command (installed:
 * ../include; in the build tree: ../../include), or where it was configured to be installed.
 */
int skep_dir_include(struct skep_text *path, struct skep_error *err);

/* The folder of templates for projects: $SKEP_TEMPLATES, or found in the same way. */
int skep_dir_templates(struct skep_text *path, struct skep_error *err);

/* The folder of skep.pc that belongs to the running command; "" if there is none. */
void skep_dir_pkgconfig(struct skep_text *path);

/*
 * The command that runs others in virtual machines, vm/run: $SKEP_VM, or beside the running command
 * (installed: ../share/skep/vm; in the build tree: ../../vm). ENOENT.
 */
int skep_dir_machines(struct skep_text *path, struct skep_error *err);

/*
 * The executable that packages are put behind: $SKEP_RUNNER, or beside the running command
 * (installed: ../libexec/skep/runner; in the build tree: runner). ENOENT.
 */
int skep_dir_runner(struct skep_text *path, struct skep_error *err);

/*
 * $SKEP_CACHE, or $XDG_CACHE_HOME/skep, or $HOME/.cache/skep; made if missing, for the user
 * alone. Falls back to /var/tmp/skep-UID, which must then belong to the user.
 */
int skep_dir_cache(struct skep_text *path, struct skep_error *err);

#endif
