// SPDX-License-Identifier: MIT
#include "package/dirs.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

static void set_path(struct skep_text *path, const char *a, const char *b)
{
	skep_text_reset(path);
	skep_text_printf(path, "%s%s", a, b);
	skep_text_string(path);
}

static bool has_file(const char *dir, const char *name)
{
	char probe[PATH_MAX + 64];

	snprintf(probe, sizeof(probe), "%s/%s", dir, name);
	return !access(probe, R_OK);
}

/* The folder of the running command, without a slash at its end. */
static bool own_dir(char dir[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", dir, PATH_MAX - 1);
	char *slash;

	if (len < 0)
		return false;
	dir[len] = '\0';
	slash = strrchr(dir, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

/* A folder that is known by a file in it. */
struct wanted {
	const char *what;      /* "the headers skep/bpf/" */
	const char *file;      /* by which it is known */
	const char *variable;  /* of the environment, which decides if it is set */
	const char *beside[2]; /* relative to the command's folder */
	const char *installed; /* as it was configured */
};

static int find(const struct wanted *wanted, struct skep_text *path, struct skep_error *err)
{
	const char *asked = getenv(wanted->variable);
	char dir[PATH_MAX];

	if (asked) {
		set_path(path, asked, "");
		if (has_file(path->data, wanted->file))
			return 0;
		skep_error_set(err, SKEP_STAGE_BUILD, ENOENT, "%s are not in %s", wanted->what,
			       asked);
		skep_error_add_hint(err, "correct or unset %s", wanted->variable);
		return -ENOENT;
	}
	for (size_t i = 0; own_dir(dir) && i < 2; i++) {
		set_path(path, dir, wanted->beside[i]);
		if (has_file(path->data, wanted->file))
			return 0;
	}
	set_path(path, wanted->installed, "");
	if (has_file(path->data, wanted->file))
		return 0;
	skep_error_set(err, SKEP_STAGE_BUILD, ENOENT, "%s are not in %s", wanted->what,
		       wanted->installed);
	skep_error_add_hint(err, "set %s to the folder that holds them", wanted->variable);
	return -ENOENT;
}

int skep_dir_machines(struct skep_text *path, struct skep_error *err)
{
	static const char *const beside[] = { "/../share/skep/vm/run", "/../../vm/run" };
	const char *asked = getenv("SKEP_VM");
	char dir[PATH_MAX];

	if (asked) {
		set_path(path, asked, "");
		if (!access(path->data, X_OK))
			return 0;
	}
	for (size_t i = 0; !asked && own_dir(dir) && i < sizeof(beside) / sizeof(beside[0]); i++) {
		set_path(path, dir, beside[i]);
		if (!access(path->data, X_OK))
			return 0;
	}
	skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "there is no vm/run beside skep%s%s",
		       asked ? ", nor at " : "", asked ?: "");
	skep_error_add_hint(err, "set SKEP_VM to the path of vm/run in skep's source");
	return -ENOENT;
}

int skep_dir_runner(struct skep_text *path, struct skep_error *err)
{
	static const char *const beside[] = { "/../libexec/skep/runner", "/runner" };
	const char *asked = getenv("SKEP_RUNNER");
	char dir[PATH_MAX];

	if (asked) {
		set_path(path, asked, "");
		if (!access(path->data, R_OK))
			return 0;
	}
	for (size_t i = 0; !asked && own_dir(dir) && i < sizeof(beside) / sizeof(beside[0]); i++) {
		set_path(path, dir, beside[i]);
		if (!access(path->data, R_OK))
			return 0;
	}
	skep_error_set(err, SKEP_STAGE_BUILD, ENOENT, "there is no runner beside skep%s%s",
		       asked ? ", nor at " : "", asked ?: "");
	skep_error_add_hint(err, "it is installed as libexec/skep/runner; another's path may be "
				 "given in SKEP_RUNNER");
	return -ENOENT;
}

int skep_dir_include(struct skep_text *path, struct skep_error *err)
{
	static const struct wanted headers = {
		.what = "the headers skep/bpf/",
		.file = "skep/bpf/emit.h",
		.variable = "SKEP_INCLUDE",
		.beside = { "/../include", "/../../include" },
		.installed = SKEP_INCLUDE_DIR,
	};

	return find(&headers, path, err);
}

int skep_dir_templates(struct skep_text *path, struct skep_error *err)
{
	static const struct wanted templates = {
		.what = "the templates of projects",
		.file = "common/Makefile",
		.variable = "SKEP_TEMPLATES",
		.beside = { "/../share/skep/templates", "/../../templates" },
		.installed = SKEP_DATA_DIR "/templates",
	};

	return find(&templates, path, err);
}

void skep_dir_pkgconfig(struct skep_text *path)
{
	char dir[PATH_MAX], real[PATH_MAX];

	if (own_dir(dir)) {
		set_path(path, dir, "/../" SKEP_LIBDIR "/pkgconfig");
		if (has_file(path->data, "skep.pc") && realpath(path->data, real)) {
			set_path(path, real, "");
			return;
		}
	}
	skep_text_reset(path);
}

/* A folder that is the user's own: what is in it gets compiled and run. */
static int make_private(const char *dir)
{
	struct stat st;

	if (mkdir(dir, 0700) && errno != EEXIST)
		return -errno;
	if (stat(dir, &st))
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	return st.st_uid == geteuid() && !(st.st_mode & 022) ? access(dir, W_OK) : -EPERM;
}

static bool try_cache(struct skep_text *path, const char *parent, const char *between,
		      const char *name)
{
	if (!parent || parent[0] != '/')
		return false;
	set_path(path, parent, between);
	if (between[0])
		mkdir(path->data, 0700);
	skep_text_str(path, name);
	return !path->failed && !make_private(skep_text_string(path));
}

int skep_dir_cache(struct skep_text *path, struct skep_error *err)
{
	char fallback[64];

	if (try_cache(path, getenv("SKEP_CACHE"), "", "") ||
	    try_cache(path, getenv("XDG_CACHE_HOME"), "", "/skep") ||
	    try_cache(path, getenv("HOME"), "/.cache", "/skep"))
		return 0;
	snprintf(fallback, sizeof(fallback), "/var/tmp/skep-%u", (unsigned int)geteuid());
	if (try_cache(path, fallback, "", ""))
		return 0;
	skep_error_set(err, SKEP_STAGE_BUILD, EACCES,
		       "there is no folder to keep compiled files in: tried SKEP_CACHE, "
		       "XDG_CACHE_HOME, HOME/.cache and %s",
		       fallback);
	skep_error_add_hint(err, "set SKEP_CACHE to a folder of your own");
	return -EACCES;
}
