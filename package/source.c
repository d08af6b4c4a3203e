// SPDX-License-Identifier: MIT
#include "package/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/clang.h"
#include "package/dirs.h"

static bool ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), end_len = strlen(end);

	return len >= end_len && !strcmp(s + len - end_len, end);
}

/* "path/exec.bpf.c" -> "exec" */
static void object_name(const char *source, char *name, size_t size)
{
	const char *base = strrchr(source, '/');

	base = base ? base + 1 : source;
	snprintf(name, size, "%.*s", (int)strcspn(base, "."), base);
}

static struct skep_spec *compile_and_read(const char *source, const char *object,
					  struct skep_error *err)
{
	struct skep_spec_opts opts = { .size = sizeof(opts), .path = source };
	char name[64];

	if (skep_clang_compile(source, object, err))
		return NULL;
	object_name(source, name, sizeof(name));
	opts.name = name;
	return skep_spec_open(object, &opts, err);
}

static struct skep_spec *open_source(const char *source, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	struct skep_spec *spec;
	int fd;

	if (skep_dir_cache(&path, err))
		return NULL;
	skep_text_lit(&path, "/object-XXXXXX");
	skep_text_string(&path);
	fd = mkstemp(path.data);
	if (fd < 0) {
		skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "%s cannot be made", path.data);
		return NULL;
	}
	close(fd);
	spec = compile_and_read(source, path.data, err);
	unlink(path.data);
	return spec;
}

struct skep_spec *skep_source_open(const char *path, struct skep_error *err)
{
	return ends_with(path, ".c") ? open_source(path, err) : skep_spec_open(path, NULL, err);
}
