// SPDX-License-Identifier: MIT
/*
 * Files and devices. A file is opened for appending, so that it may be emptied or appended to by
 * others between batches; what of a batch was written when the rest failed is cut off again.
 */
#include "stream/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "stream/rotate.h"

/* Nothing of the form is there yet; what stdout holds already is not known to be of the form. */
static bool is_new(const struct skep_writer *w)
{
	return !w->size || (!w->in_file && (w->form->is_whole || !w->path));
}

/* 0, or an errno with what was written of it in @done. */
static int put(int fd, const char *data, size_t len, size_t *done)
{
	for (*done = 0; *done < len;) {
		size_t part = len - *done < 1 << 30 ? len - *done : 1 << 30;
		ssize_t n = write(fd, data + *done, part);

		if (n < 0 && errno == EAGAIN) { /* made so by somebody else */
			struct pollfd wait = { .fd = fd, .events = POLLOUT };

			poll(&wait, 1, 1000);
		} else if (n < 0 && errno != EINTR) {
			return errno;
		}
		*done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Only if the file's end is what was just written. */
static void cut_back(struct skep_writer *w, size_t written)
{
	struct stat st;

	if (w->is_regular && written && !fstat(w->fd, &st) &&
	    (uint64_t)st.st_size == w->size + written && !ftruncate(w->fd, (off_t)w->size))
		lseek(w->fd, (off_t)w->size, SEEK_SET);
}

static int write_text(struct skep_writer *w, struct skep_error *err)
{
	size_t written;
	int code;

	if (w->form->seal)
		w->form->seal(w->ctx, &w->text);
	if (w->text.failed) {
		skep_writer_drop(w);
		w->form->begin(w->ctx, &w->text, is_new(w));
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	}
	code = put(w->fd, w->text.data, w->text.len, &written);
	if (code) {
		cut_back(w, written);
		skep_writer_drop(w);
		w->form->begin(w->ctx, &w->text, is_new(w));
		w->sink->is_broken |= code == EPIPE;
		return skep_writer_failed(w, code, "cannot be written", err);
	}
	w->size += w->text.len;
	w->in_file += w->ends.len;
	w->ends.len = 0;
	skep_text_reset(&w->text);
	return 0;
}

static void begin_file(struct skep_writer *w, uint64_t size)
{
	w->size = size;
	w->in_file = 0;
	w->rotate_at = w->every ? skep_rotation_next(skep_clock_now(CLOCK_REALTIME), w->every) : 0;
	w->form->begin(w->ctx, &w->text, is_new(w));
}

/* What was cut by a crash must not become the beginning of a line. */
static bool ends_amid(const struct skep_writer *w, uint64_t size)
{
	int fd = w->form->is_lines && size ? open(w->path, O_RDONLY | O_CLOEXEC) : -1;
	char last = '\n';

	if (fd < 0)
		return false;
	if (pread(fd, &last, 1, (off_t)size - 1) != 1)
		last = '\n';
	close(fd);
	return last != '\n';
}

static int open_path(const struct skep_writer *w, int flags)
{
	return open(w->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | flags, 0666);
}

int skep_writer_open_file(struct skep_writer *w, struct skep_error *err)
{
	struct stat st;

	w->kind = &skep_writer_file;
	if (w->path) {
		w->fd = open_path(w, w->form->is_whole ? O_TRUNC : 0);
		w->owns_fd = true;
	}
	if (w->fd < 0 || fstat(w->fd, &st))
		return skep_writer_failed(w, errno, "cannot be opened", err);
	w->is_regular = S_ISREG(st.st_mode) && (w->path || lseek(w->fd, 0, SEEK_CUR) >= 0);
	if (!w->is_regular)
		st.st_size = 0;
	else if (w->path && ends_amid(w, (uint64_t)st.st_size))
		skep_text_char(&w->text, '\n');
	begin_file(w, (uint64_t)st.st_size);
	return 0;
}

/* The last of what belongs into the file that is open. */
static int finish_file(struct skep_writer *w, struct skep_error *err)
{
	if (w->form->end)
		w->form->end(w->ctx, &w->text);
	return w->text.len ? write_text(w, err) : 0;
}

/* The next file takes the place of this one, which is finished under its own new name. */
static int next_file(struct skep_writer *w, struct skep_error *err)
{
	int ret = skep_rotation_rename(w->path, skep_clock_now(CLOCK_REALTIME), &w->last_name, err);
	int fd = ret ? -1 : open_path(w, 0), old = w->fd;

	if (ret)
		return ret;
	if (fd < 0)
		return skep_writer_failed(w, errno, "cannot be begun anew", err);
	ret = finish_file(w, err);
	/* What could not be written of the old one is no part of the new one. */
	skep_text_reset(&w->text);
	close(old);
	w->fd = fd;
	begin_file(w, 0);
	skep_rotation_keep(w->path, w->keep);
	return ret;
}

static int rotate(struct skep_writer *w, struct skep_error *err)
{
	int64_t now = w->every ? skep_clock_now(CLOCK_REALTIME) : 0;
	bool is_time = w->every && now >= w->rotate_at;
	int ret;

	if (is_time && !w->in_file)
		w->rotate_at = skep_rotation_next(now, w->every);
	if (!w->in_file || !(is_time || (w->rotate && w->size >= w->rotate)))
		return 0;
	ret = next_file(w, err);
	if (ret && w->in_file) { /* Not at each record: when the file has grown again. */
		w->in_file = 0;
		w->rotate_at = skep_rotation_next(now, w->every ?: 1);
		w->rotate += w->rotate ? w->size : 0;
	}
	return ret;
}

static int out(struct skep_writer *w, bool is_last, struct skep_error *err)
{
	int ret = 0;

	if (is_last)
		return finish_file(w, err);
	if (w->ends.len)
		ret = write_text(w, err);
	return (w->rotate || w->every) && !ret ? rotate(w, err) : ret;
}

static int reopen(struct skep_writer *w, struct skep_error *err)
{
	struct stat now, then;
	int fd, ret;

	if (!w->path || !w->is_regular)
		return 0;
	fd = open_path(w, 0);
	if (fd < 0 || fstat(fd, &now) || fstat(w->fd, &then)) {
		ret = skep_writer_failed(w, errno, "cannot be opened anew", err);
		if (fd >= 0)
			close(fd);
		return ret;
	}
	if (now.st_dev == then.st_dev && now.st_ino == then.st_ino) {
		close(fd);
		if ((uint64_t)now.st_size < w->size) /* emptied where it lies */
			begin_file(w, (uint64_t)now.st_size);
		return 0;
	}
	ret = finish_file(w, err);
	skep_text_reset(&w->text);
	close(w->fd);
	w->fd = fd;
	if (w->form->is_whole && now.st_size && !ftruncate(fd, 0))
		now.st_size = 0;
	begin_file(w, (uint64_t)now.st_size);
	return ret;
}

const struct skep_writer_kind skep_writer_file = { .out = out, .reopen = reopen };
