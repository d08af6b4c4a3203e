// SPDX-License-Identifier: MIT
#include "cli/test/describe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"

#define MAX_BYTES (16 << 20)

bool description_is(const char *path)
{
	size_t len = strlen(path);

	return len > 5 && !strcmp(path + len - 5, ".json");
}

static int read_file(struct description *d, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open(d->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	ssize_t n = 0;

	if (fd < 0 || fstat(fd, &st))
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "%s cannot be read",
					    d->path);
	if (!S_ISREG(st.st_mode) || st.st_size > MAX_BYTES)
		return skep_error_set(err, SKEP_STAGE_READ, E2BIG,
				      "%s is no file of at most 16 MiB", d->path);
	d->text = calloc(1, (size_t)st.st_size + 1);
	if (!d->text)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	while (d->len < (size_t)st.st_size &&
	       (n = read(fd, d->text + d->len, (size_t)st.st_size - d->len)) > 0)
		d->len += (size_t)n;
	return n < 0 ? skep_error_set_errno(err, SKEP_STAGE_READ, errno, "%s cannot be read",
					    d->path) :
		       0;
}

static int read_expected(const struct description *d, const struct slice *slice,
			 struct described_test *test, struct skep_error *err)
{
	const struct describe_field fields[] = {
		{ "return", &test->result, false },	  { "packet", &test->packet_out, false },
		{ "globals", &test->globals_out, false }, { "maps", &test->maps_out, false },
		{ "records", &test->records, false },	  { "log", &test->log, false },
	};

	return describe_fields(d, slice, fields, sizeof(fields) / sizeof(fields[0]), err);
}

static int read_test(void *ctx, size_t i, const struct slice *value, struct skep_error *err)
{
	struct description *d = ctx;
	struct described_test *test = skep_vec_push(&d->tests);
	struct slice name = { 0 }, expected = { 0 };

	if (!test)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	(void)i;
	const struct describe_field fields[] = {
		{ "name", &name, true },
		{ "program", &test->program_at, true },
		{ "globals", &test->globals, false },
		{ "maps", &test->maps, false },
		{ "packet", &test->packet, false },
		{ "context", &test->context, false },
		{ "expect", &expected, true },
	};

	return describe_fields(d, value, fields, sizeof(fields) / sizeof(fields[0]), err) ?:
		       describe_string(d, &name, &test->name, err)			  ?:
		       describe_string(d, &test->program_at, &test->program, err)	  ?:
		       read_expected(d, &expected, test, err);
}

/* The object's path is that of the description, unless it is absolute. */
static int find_object(struct description *d, const struct slice *slice, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *name = NULL;
	const char *slash = strrchr(d->path, '/');

	if (describe_string(d, slice, &name, err))
		return -EINVAL;
	if (*name == '/' || !slash)
		d->object = SKEP_TAKE(name);
	else if (asprintf(&d->object, "%.*s/%s", (int)(slash - d->path), d->path, name) < 0)
		d->object = NULL;
	return d->object ? 0 : skep_error_nomem(err, SKEP_STAGE_READ);
}

static int parse(struct description *d, struct skep_error *err)
{
	struct slice all = { d->text, d->len }, object = { 0 }, tests = { 0 };
	const struct describe_field fields[] = { { "object", &object, true },
						 { "tests", &tests, true } };

	return describe_fields(d, &all, fields, 2, err) ?:
		       find_object(d, &object, err)	?:
		       describe_elements(d, &tests, read_test, d, err);
}

int description_open(struct description *d, const char *path, struct skep_error *err)
{
	*d = (struct description){ .path = strdup(path) };
	if (!d->path)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	return read_file(d, err) ?: parse(d, err);
}

static int add_capture(const struct description *d, const struct slice *packet, char **file,
		       struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *path = NULL;

	if (describe_capture(d, packet, &path, err))
		return -EINVAL;
	*file = path ? test_absolute(path) : NULL;
	return path && !*file ? skep_error_nomem(err, SKEP_STAGE_READ) : 0;
}

char **description_files(const struct description *d, struct skep_error *err)
{
	char **files = calloc(2 * d->tests.len + 2, sizeof(*files));
	size_t n = 0;

	if (files)
		files[n++] = test_absolute(d->path);
	for (size_t i = 0; files && files[0] && i < d->tests.len; i++) {
		const struct slice *packets[] = { &d->tests.items[i].packet,
						  &d->tests.items[i].packet_out };

		for (size_t k = 0; k < 2; k++) {
			if (add_capture(d, packets[k], &files[n], err)) {
				description_files_free(files);
				return NULL;
			}
			n += files[n] != NULL;
		}
	}
	if (!files || !files[0])
		skep_error_nomem(err, SKEP_STAGE_READ);
	return files;
}

void description_files_free(char **files)
{
	for (char **file = files; file && *file; file++)
		free(*file);
	free(files);
}

void description_close(struct description *d)
{
	skep_vec_for_each(&d->tests, test) {
		free(test->name);
		free(test->program);
	}
	skep_vec_free(&d->tests);
	free(d->object);
	free(d->text);
	free(d->path);
}
