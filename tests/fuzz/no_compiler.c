// SPDX-License-Identifier: MIT
/* For `make fuzz`: packages without what compiles sources, which no target calls. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "package/build.h"
#include "package/object_cache.h"
#include "package/source.h"

int skep_object_cache_compile(const char *source, struct skep_text *object, struct skep_error *err)
{
	(void)object;
	return skep_error_set(err, SKEP_STAGE_BUILD, ENOENT, "%s is not compiled here", source);
}

int skep_build_describe(struct skep_package *package, const char *source, struct skep_error *err)
{
	(void)package;
	return skep_error_set(err, SKEP_STAGE_BUILD, ENOENT, "%s is not compiled here", source);
}

void skep_source_name(const char *path, char *name, size_t size)
{
	snprintf(name, size, "%s", path);
}
