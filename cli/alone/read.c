// SPDX-License-Identifier: MIT
/* The package behind the executable. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/run/run.h"
#include "package/read_parts.h"
#include "package/standalone.h"

static int no_package(struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_READ, ENOENT, "there is no package behind this executable");
	skep_error_add_hint(err, "'skep build --format standalone' makes a copy that has one");
	return -ENOENT;
}

/* Mapped as long as the process lives. */
int run_read(struct skep_package *package, const char *ref, const struct run_source *source,
	     struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open(ref, O_RDONLY | O_CLOEXEC);
	struct stat st;
	const void *file;
	size_t at, len;

	(void)source;
	if (fd < 0 || fstat(fd, &st))
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "%s cannot be read", ref);
	if (!st.st_size)
		return no_package(err);
	file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "%s cannot be read", ref);
	if (!skep_standalone_find(file, (size_t)st.st_size, &at, &len))
		return no_package(err);
	return skep_package_read_skep(package, (const uint8_t *)file + at, len, err);
}
