// SPDX-License-Identifier: MIT
/* Where a package comes from: a path, stdin, a URL; a registry is told apart. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/readable.h"
#include "cli/run/run.h"
#include "package/fetch.h"
#include "package/read_parts.h"
#include "package/reference.h"

#define PROGRESS_NS 200000000

struct progress {
	int64_t next; /* when a line is written again */
	bool is_shown;
};

static void show_progress(void *ctx, uint64_t got, uint64_t total)
{
	struct progress *p = ctx;
	int64_t now = skep_clock_now(CLOCK_MONOTONIC);
	struct skep_text line = { 0 };

	if (!p->next)
		p->next = now + PROGRESS_NS;
	if (now < p->next)
		return;
	p->next = now + PROGRESS_NS;
	skep_text_lit(&line, "\r\033[K");
	skep_write_size(got, &line);
	if (total) {
		skep_text_lit(&line, " of ");
		skep_write_size(total, &line);
	}
	fputs(skep_text_string(&line), stderr);
	skep_text_free(&line);
	p->is_shown = true;
}

static int read_url(struct skep_package *package, const char *url, const struct run_source *source,
		    struct skep_error *err)
{
	struct progress progress = { 0 };
	struct skep_fetch_opts opts = { .timeout_ns = source->timeout_ns, .ctx = &progress };
	struct skep_package_read_opts read = { .form = source->form, .path = url };
	struct skep_text body = { 0 };
	int ret;

	if (isatty(STDERR_FILENO))
		opts.progress = show_progress;
	ret = skep_fetch(url, &opts, &body, err);
	if (progress.is_shown)
		fputs("\r\033[K", stderr);
	ret = ret ?: skep_package_read(package, body.data, body.len, &read, err);
	if (ret) {
		skep_text_free(&body);
		return ret;
	}
	/* What was read points into the bytes. */
	ret = skep_package_own(package, body.data, err);
	if (ret)
		skep_package_clear(package);
	return ret;
}

/* What is no path, or not there, but would be a name in a registry: with more than a file's. */
static bool is_reference(const char *ref, struct skep_error *err)
{
	struct skep_reference reference;
	struct stat st;

	if (!stat(ref, &st) || ref[0] == '.' || ref[0] == '/' ||
	    skep_reference_parse(ref, &reference, NULL))
		return false;
	if (!reference.registry[0] && !reference.tag[0] && !reference.digest[0])
		return false;
	skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP,
		       "there is no such file, and pulling from registries is not built in");
	skep_error_add_object(err, "%s", ref);
	skep_error_add_hint(err, "a URL, a path or '-' can be run");
	return true;
}

int run_read(struct skep_package *package, const char *ref, const struct run_source *source,
	     struct skep_error *err)
{
	struct skep_package_read_opts opts = { .form = source->form };
	const char *scheme;

	if (!strcmp(ref, "-")) {
		opts.path = "stdin";
		return skep_package_read_fd(package, STDIN_FILENO, &opts, err);
	}
	if (!access(ref, F_OK))
		return skep_package_open(package, ref, &opts, err);
	if (skep_fetch_is_url(ref))
		return read_url(package, ref, source, err);
	scheme = strstr(ref, "://");
	if (scheme)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "'%.*s' is nothing that is fetched: http and https are",
				      (int)(scheme - ref), ref);
	return is_reference(ref, err) ? -ENOTSUP : skep_package_open(package, ref, &opts, err);
}
