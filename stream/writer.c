// SPDX-License-Identifier: MIT
#include "stream/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "stream/setting.h"

/* Larger writes gain nothing; smaller ones cost a system call for every few lines. */
#define BATCH (64 * 1024)

#define DAY 86400000000000ll

const struct skep_sink_option skep_writer_options[] = {
	{ "rotate", "SIZE", "begin a new file when this one has so many bytes (64K, 100M)" },
	{ "every", "DURATION", "begin a new file at each full period (60s, 15m, 1h)" },
	{ "keep", "N", "of the files that were closed, leave the last N" },
	{ 0 },
};

int skep_writer_failed(struct skep_writer *w, int code, const char *what, struct skep_error *err)
{
	if (code == EPIPE)
		skep_error_set(err, SKEP_STAGE_DELIVER, code, "its reader has closed it");
	else
		skep_error_set_errno(err, SKEP_STAGE_DELIVER, code, "%s", what);
	skep_error_add_object(err, "%s", w->path ? w->path : "stdout");
	return -code;
}

void skep_writer_drop(struct skep_writer *w)
{
	w->dropped += w->ends.len;
	w->ends.len = 0;
	w->sent = 0;
	skep_text_reset(&w->text);
}

static int read_settings(struct skep_writer *w, struct skep_error *err)
{
	uint64_t keep = UINT64_MAX;
	int ret =
		skep_sink_size(w->sink, "rotate", 1, UINT64_MAX / 2, &w->rotate, err) ?:
			skep_sink_duration(w->sink, "every", DAY / 86400, 3660 * DAY, &w->every, err) ?:
			skep_sink_number(w->sink, "keep", 0, 1000000, &keep, err);

	w->keep = keep;
	if (!ret && keep != UINT64_MAX && !w->rotate && !w->every) {
		ret = skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				     "keep says nothing where no file is closed");
		skep_error_add_hint(err, "add rotate=SIZE or every=DURATION");
	}
	return ret;
}

bool skep_writer_is_stdout(const char *target)
{
	return !target[0] || !strcmp(target, "-") || !strcmp(target, "/dev/stdout");
}

/* Neither may stop the reader: both are for somebody who reads at his own pace. */
static bool has_reader(const struct skep_writer *w)
{
	struct stat st;
	int ret = w->path ? stat(w->path, &st) : fstat(w->fd, &st);

	return !ret && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

static int open_target(struct skep_writer *w, const char *target, struct skep_error *err)
{
	const char *socket = strncmp(target, "unix:", 5) ? NULL : target + 5;

	if (socket && !w->form->is_lines) {
		skep_error_set(
			err, SKEP_STAGE_USAGE, EINVAL,
			"'%s' is one text from its beginning to its end, which a socket that "
			"is opened anew would cut",
			w->sink->type->name);
		skep_error_add_hint(err, "take jsonl");
		return -EINVAL;
	}
	if (!skep_writer_is_stdout(target)) {
		w->path = strdup(socket ? socket : target);
		if (!w->path)
			return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	}
	if (socket || has_reader(w))
		return skep_writer_open_stream(w, socket, err);
	return skep_writer_open_file(w, err);
}

int skep_writer_open(struct skep_writer *w, struct skep_sink *sink, const char *target,
		     const struct skep_writer_form *form, void *ctx, struct skep_error *err)
{
	int ret;

	*w = (struct skep_writer){ .sink = sink, .form = form, .ctx = ctx, .most = BATCH };
	w->fd = skep_writer_is_stdout(target) ? STDOUT_FILENO : -1;
	ret = read_settings(w, err) ?: open_target(w, target, err);
	if (!ret && (w->rotate || w->every) && !w->is_regular) {
		ret = skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				     "%s is no file that could be closed and begun anew",
				     w->path ? w->path : "stdout");
		skep_error_add_hint(err, "rotate and every are for files");
	}
	return ret;
}

int skep_writer_done(struct skep_writer *w, struct skep_error *err)
{
	size_t *end = skep_vec_push(&w->ends);
	int ret;

	if (!end || w->text.failed) {
		w->dropped = 0;
		skep_writer_drop(w);
		w->form->begin(w->ctx, &w->text, false);
		skep_sink_lose(w->sink, w->dropped - !!end, err);
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	}
	*end = w->text.len;
	if (w->text.len < w->most && (!w->rotate || w->size + w->text.len < w->rotate))
		return 0;
	w->dropped = 0;
	ret = w->kind->out(w, false, err);
	if (!w->dropped)
		return 0;
	skep_sink_lose(w->sink, w->dropped - 1, err);
	return ret;
}

int skep_writer_flush(struct skep_writer *w, bool is_last, struct skep_error *err)
{
	int ret;

	w->dropped = 0;
	ret = w->kind->out(w, is_last, err);
	skep_sink_lose(w->sink, w->dropped, err);
	return ret;
}

int skep_writer_reopen(struct skep_writer *w, struct skep_error *err)
{
	int ret = skep_writer_flush(w, false, err);

	return w->kind->reopen ? w->kind->reopen(w, err) ?: ret : ret;
}

void skep_writer_close(struct skep_writer *w)
{
	if (w->owns_fd && w->fd >= 0)
		close(w->fd);
	skep_text_free(&w->text);
	skep_vec_free(&w->ends);
	free(w->path);
	*w = (struct skep_writer){ .fd = -1 };
}
