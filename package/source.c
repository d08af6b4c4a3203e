// SPDX-License-Identifier: MIT
#include "package/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/dirs.h"

static bool ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), end_len = strlen(end);

	return len >= end_len && !strcmp(s + len - end_len, end);
}

void skep_source_name(const char *path, char *name, size_t size)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	snprintf(name, size, "%.*s", (int)strcspn(base, "."), base);
}

#define MAX_OBJECT (256u << 20)

static int read_all(int fd, const char *path, struct skep_text *object, struct skep_error *err)
{
	ssize_t n;

	do {
		if (object->len > MAX_OBJECT)
			return skep_error_set(err, SKEP_STAGE_READ, EFBIG,
					      "%s has more than 256 MiB", path);
		if (!skep_text_room(object, 64 << 10))
			return skep_error_nomem(err, SKEP_STAGE_READ);
		n = read(fd, object->data + object->len, 64 << 10);
		if (n > 0)
			object->len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n ? skep_error_set_errno(err, SKEP_STAGE_READ, errno, "%s cannot be read", path) : 0;
}

int skep_source_read_file(const char *path, struct skep_text *object, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "%s cannot be opened",
					    path);
	return read_all(fd, path, object, err);
}

/* clang puts another file in the place of the one that is made here. */
int skep_source_compile(const char *source, const struct skep_clang_opts *opts,
			struct skep_text *object, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	int fd, ret = skep_dir_cache(&path, err);

	if (ret)
		return ret;
	skep_text_lit(&path, "/object-XXXXXX");
	skep_text_string(&path);
	fd = mkstemp(path.data);
	if (fd < 0)
		return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "%s cannot be made",
					    path.data);
	close(fd);
	ret = skep_clang_compile(source, path.data, opts, err) ?:
		      skep_source_read_file(path.data, object, err);
	unlink(path.data);
	return ret;
}

int skep_source_read(const char *path, const struct skep_clang_opts *opts, struct skep_text *object,
		     struct skep_error *err)
{
	return ends_with(path, ".c") ? skep_source_compile(path, opts, object, err) :
				       skep_source_read_file(path, object, err);
}

static struct skep_spec *open_source(const char *source, struct skep_error *err)
{
	struct skep_spec_opts opts = { .size = sizeof(opts), .path = source };
	SKEP_SCOPED(skep_text_free) struct skep_text object = { 0 };
	char name[64];

	if (skep_source_compile(source, NULL, &object, err))
		return NULL;
	skep_source_name(source, name, sizeof(name));
	opts.name = name;
	return skep_spec_read(object.data, object.len, &opts, err);
}

struct skep_spec *skep_source_open(const char *path, struct skep_error *err)
{
	return ends_with(path, ".c") ? open_source(path, err) : skep_spec_open(path, NULL, err);
}
