// SPDX-License-Identifier: MIT
#include "stream/output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"

/* Larger writes gain nothing; smaller ones cost a system call for every few lines. */
#define BATCH (64 * 1024)

int skep_output_open(struct skep_output *out, const char *path, struct skep_error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0) {
		skep_error_set_errno(err, SKEP_STAGE_DELIVER, errno, "cannot be written");
		skep_error_add_object(err, "%s", path);
		return -errno;
	}
	skep_output_fd(out, fd, path);
	out->owns_fd = true;
	return 0;
}

void skep_output_fd(struct skep_output *out, int fd, const char *name)
{
	*out = (struct skep_output){ .fd = fd };
	snprintf(out->name, sizeof(out->name), "%s", name);
}

static int write_failed(const struct skep_output *out, int code, struct skep_error *err)
{
	if (code == EPIPE)
		skep_error_set(err, SKEP_STAGE_DELIVER, code, "its reader has closed it");
	else
		skep_error_set_errno(err, SKEP_STAGE_DELIVER, code, "cannot be written");
	skep_error_add_object(err, "%s", out->name);
	return -code;
}

/* A descriptor that was made non-blocking by somebody else is waited for. */
static int write_some(int fd, const char *data, size_t len)
{
	ssize_t n = write(fd, data, len);

	if (n >= 0)
		return (int)n;
	if (errno == EAGAIN) {
		struct pollfd wait = { .fd = fd, .events = POLLOUT };

		poll(&wait, 1, 1000);
		return 0;
	}
	return errno == EINTR ? 0 : -errno;
}

int skep_output_flush(struct skep_output *out, struct skep_error *err)
{
	struct skep_text *text = &out->text;
	size_t done = 0;

	if (text->failed)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	while (done < text->len) {
		size_t len = text->len - done;
		int n = write_some(out->fd, text->data + done, len < (1 << 30) ? len : 1 << 30);

		if (n < 0)
			return write_failed(out, -n, err);
		done += (size_t)n;
	}
	skep_text_reset(text);
	return 0;
}

int skep_output_line_done(struct skep_output *out, struct skep_error *err)
{
	return out->text.len >= BATCH ? skep_output_flush(out, err) : 0;
}

void skep_output_close(struct skep_output *out)
{
	if (out->owns_fd)
		close(out->fd);
	skep_text_free(&out->text);
	*out = (struct skep_output){ .fd = -1 };
}

static int write_file(const char *path, const void *data, size_t len, struct skep_error *err)
{
	struct skep_output out = { .fd = -1 };
	int ret = skep_output_open(&out, path, err);

	if (ret)
		return ret;
	skep_text_bytes(skep_output_text(&out), data, len);
	ret = skep_output_flush(&out, err);
	skep_output_close(&out);
	return ret;
}

int skep_output_replace(const char *path, const void *data, size_t len, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text temp = { 0 };
	struct stat st;
	int ret;

	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return write_file(path, data, len, err);
	skep_text_printf(&temp, "%s.%d", path, (int)getpid());
	ret = write_file(skep_text_string(&temp), data, len, err);
	if (!ret && rename(temp.data, path)) {
		ret = skep_error_set_errno(err, SKEP_STAGE_DELIVER, errno, "cannot be made");
		skep_error_add_object(err, "%s", path);
	}
	if (ret && temp.data)
		unlink(temp.data);
	return ret;
}
