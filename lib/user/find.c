// SPDX-License-Identifier: MIT
/* Where the file is that a user means, in this mount namespace or in another process's. */
#include "user/binary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "user/maps.h"

#if defined(__x86_64__)
#define MULTIARCH "x86_64-linux-gnu"
#elif defined(__i386__)
#define MULTIARCH "i386-linux-gnu"
#elif defined(__aarch64__)
#define MULTIARCH "aarch64-linux-gnu"
#elif defined(__arm__)
#define MULTIARCH "arm-linux-gnueabihf"
#elif defined(__s390x__)
#define MULTIARCH "s390x-linux-gnu"
#elif defined(__riscv)
#define MULTIARCH "riscv64-linux-gnu"
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MULTIARCH "powerpc64le-linux-gnu"
#elif defined(__loongarch__)
#define MULTIARCH "loongarch64-linux-gnu"
#else
#define MULTIARCH "unknown-linux-gnu"
#endif

#define LIBRARIES                                                                          \
	"/usr/local/lib:/lib/" MULTIARCH ":/usr/lib/" MULTIARCH ":/lib64:/usr/lib64:/lib:" \
	"/usr/lib"
#define PROGRAMS "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

static bool is_library(const char *name)
{
	const char *so = strstr(name, ".so");

	return so && (!so[3] || so[3] == '.');
}

/* In a list as PATH is; an empty part, which would mean the working directory, is passed over. */
static bool search(const char *dirs, const char *root, const char *name, char *out)
{
	while (dirs && *dirs) {
		size_t len = strcspn(dirs, ":");
		int n = snprintf(out, PATH_MAX, "%s%.*s/%s", root, (int)len, dirs, name);

		if (len && n < PATH_MAX && is_file(out))
			return true;
		dirs += len + (dirs[len] == ':');
	}
	return false;
}

/* The environment is the caller's own: what another process's is stays unknown. */
static bool search_all(const char *root, const char *name, char *out)
{
	bool library = is_library(name);

	return (!*root && search(getenv(library ? "LD_LIBRARY_PATH" : "PATH"), root, name, out)) ||
	       search(library ? LIBRARIES : PROGRAMS, root, name, out);
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/*
 * What process @pid has mapped under this name, which may since have been deleted or replaced:
 * then the file is reached through the mapping itself.
 */
static bool find_mapped(const char *name, int pid, char *out)
{
	struct skep_mapping mapping;
	char mapped[64];

	if (!skep_maps_find(pid, name, &mapping))
		return false;
	snprintf(mapped, sizeof(mapped), "/proc/%d/map_files/%llx-%llx", pid,
		 (unsigned long long)mapping.start, (unsigned long long)mapping.end);
	if (snprintf(out, PATH_MAX, "/proc/%d/root%s", pid, mapping.path) < PATH_MAX &&
	    is_file(out) && (same_file(out, mapped) || !is_file(mapped)))
		return true;
	snprintf(out, PATH_MAX, "%s", mapped);
	return is_file(out);
}

static bool find_in_process(const char *name, int pid, char *out)
{
	char root[32];

	if (find_mapped(name, pid, out))
		return true;
	snprintf(root, sizeof(root), "/proc/%d/root", pid);
	if (name[0] == '/')
		return snprintf(out, PATH_MAX, "%s%s", root, name) < PATH_MAX && is_file(out);
	return !strchr(name, '/') && search_all(root, name, out);
}

static int not_found(const char *name, int pid, struct skep_error *err)
{
	bool bare = !strchr(name, '/');

	if (!bare)
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "there is no file '%s'", name);
	else if (is_library(name))
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
			       "there is no library '%s' in LD_LIBRARY_PATH and the folders of "
			       "the dynamic linker",
			       name);
	else
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "there is no program '%s' in PATH",
			       name);
	if (!bare && name[0] != '/' && !pid)
		skep_error_add_hint(err, "a path begins with a slash; this one counts from the "
					 "working directory");
	else if (!pid)
		skep_error_add_hint(err, "give a path; for a file that only a container sees, "
					 "also a process in it");
	return -ENOENT;
}

int skep_binary_find(const char *name, int pid, char *out, struct skep_error *err)
{
	char process[32];

	if (!*name)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "the name of the program or library is empty");
	snprintf(process, sizeof(process), "/proc/%d", pid);
	if (pid && access(process, F_OK))
		return skep_error_set(err, SKEP_STAGE_ATTACH, ESRCH, "there is no process %d", pid);
	if (pid && find_in_process(name, pid, out))
		return 0;
	if (!strchr(name, '/'))
		return search_all("", name, out) ? 0 : not_found(name, pid, err);
	snprintf(out, PATH_MAX, "%s", name);
	return access(out, F_OK) ? not_found(name, pid, err) : 0;
}
