// SPDX-License-Identifier: MIT
/* Which compiler there is, and what it calls this machine. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "package/clang.h"
#include "package/machine.h"

const char *skep_clang_machine(void)
{
	return SKEP_MACHINE;
}

bool skep_clang_is_big_endian(const char *machine)
{
	return !strcmp(machine, "s390");
}

static bool in_path(const char *name)
{
	const char *dirs = getenv("PATH");
	char path[PATH_MAX];

	while (dirs && *dirs) {
		size_t len = strcspn(dirs, ":");

		snprintf(path, sizeof(path), "%.*s/%s", (int)len, dirs, name);
		if (!access(path, X_OK))
			return true;
		dirs += len + (dirs[len] == ':');
	}
	return false;
}

/* 19 is what skep is tested with; others that know -mcpu=v3 and BTF are taken as they come. */
const char *skep_clang_name(void)
{
	static const char *const names[] = { "clang-19", "clang-20", "clang-21",
					     "clang",	 "clang-18", "clang-17",
					     "clang-16", "clang-15", "clang-14" };
	const char *asked = getenv("SKEP_CLANG");

	if (asked && *asked)
		return asked;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (in_path(names[i]))
			return names[i];
	return NULL;
}

int skep_clang_missing(const char *name, struct skep_error *err)
{
	const char *asked = getenv("SKEP_CLANG");

	if (name && !(asked && !strcmp(asked, name)))
		return skep_error_set(err, SKEP_STAGE_BUILD, ENOENT, "%s is not installed", name);
	if (asked && *asked) {
		skep_error_set(err, SKEP_STAGE_BUILD, ENOENT,
			       "SKEP_CLANG is '%s', which is not there", asked);
		skep_error_add_hint(err, "give clang's path in it, or unset it");
		return -ENOENT;
	}
	skep_error_set(err, SKEP_STAGE_BUILD, ENOENT, "clang is not installed");
	skep_error_add_hint(err,
			    "on Debian: apt-get install clang-19; or give its path in SKEP_CLANG");
	return -ENOENT;
}
