// SPDX-License-Identifier: MIT
#include "stream/net/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "base/error.h"

static int missing(const char *soname, const char *package, struct skep_error *err)
{
	const char *why = dlerror();

	skep_error_set(err, SKEP_STAGE_DELIVER, ENOENT, "%s", why ?: "it cannot be loaded");
	skep_error_add_object(err, "%s", soname);
	skep_error_add_hint(err, "install Debian's %s", package);
	return -ENOENT;
}

int skep_library_load(const char *soname, const char *package, const char *const *names,
		      void *table, struct skep_error *err)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
	char *slot = table;

	if (!library)
		return missing(soname, package, err);
	for (; *names; names++, slot += sizeof(void *)) {
		void *address = dlsym(library, *names);

		if (!address)
			return missing(soname, package, err);
		memcpy(slot, &address, sizeof(address));
	}
	return 0;
}
