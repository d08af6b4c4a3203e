// SPDX-License-Identifier: MIT
/*
 * What has a reader: pipes, FIFOs and Unix sockets. Nothing here waits for longer than the reader
 * takes, and at the end of the run for no more than seconds. A FIFO that nobody has opened and a
 * socket whose server is gone are tried again; meanwhile records are kept, up to a limit.
 */
#include "stream/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

#define MILLI 1000000ll

/* Kept for a reader that is not there. */
#define KEPT (1024 * 1024)

/* Between attempts to find a reader. */
#define RETRY_NS (200 * MILLI)

/* At the end of a run: without progress for so long, it is given up. */
#define PATIENCE_MS 2000

/* 0 or -errno, from Linux' own rules: a stream or datagram server, by what it turns out to be. */
static int connect_socket(struct skep_writer *w)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int ret = -ENAMETOOLONG;

	if (strlen(w->path) >= sizeof(address.sun_path))
		return ret;
	memcpy(address.sun_path, w->path, strlen(w->path));
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		w->fd = socket(AF_UNIX, types[i] | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (w->fd < 0)
			return -errno;
		w->is_message = types[i] != SOCK_STREAM;
		ret = connect(w->fd, (struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
		if (!ret)
			return 0;
		close(w->fd);
		w->fd = -1;
		if (ret != -EPROTOTYPE)
			return ret;
	}
	return ret;
}

static int open_fifo(struct skep_writer *w)
{
	w->fd = open(w->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return w->fd < 0 ? -errno : 0;
}

/* 0, or -errno while there is no reader. */
static int find_reader(struct skep_writer *w)
{
	int64_t now = skep_clock_now(CLOCK_MONOTONIC);
	int ret;

	if (w->fd >= 0)
		return 0;
	if (w->tried && now - w->tried < RETRY_NS)
		return -EAGAIN;
	w->tried = now;
	ret = w->is_socket ? connect_socket(w) : open_fifo(w);
	w->owns_fd = !ret;
	return ret;
}

/*
 * An open file of our own on the same pipe: to make stdout itself non-blocking would make it so for
 * all that share it. Where that is refused, writes of PIPE_BUF to a pipe with room do not block.
 */
static void open_anew(struct skep_writer *w)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", w->fd);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return;
	w->fd = fd;
	w->owns_fd = true;
}

int skep_writer_open_stream(struct skep_writer *w, const char *socket, struct skep_error *err)
{
	struct stat st;
	int ret;

	w->kind = &skep_writer_stream;
	w->sink->may_wait = true;
	w->is_socket = socket;
	w->form->begin(w->ctx, &w->text, true);
	if (!w->path) {
		w->is_socket = !fstat(w->fd, &st) && S_ISSOCK(st.st_mode);
		if (!w->is_socket)
			open_anew(w);
		return 0;
	}
	ret = find_reader(w);
	if (!ret || ret == -ENXIO || ret == -ENOENT || ret == -ECONNREFUSED || ret == -EAGAIN)
		return 0; /* it may come */
	return skep_writer_failed(w, -ret, "cannot be opened", err);
}

static ssize_t send_some(const struct skep_writer *w, const char *data, size_t len)
{
	struct pollfd room = { .fd = w->fd, .events = POLLOUT };

	if (w->is_socket)
		return send(w->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (w->owns_fd)
		return write(w->fd, data, len);
	if (poll(&room, 1, 0) <= 0) {
		errno = EAGAIN;
		return -1;
	}
	return write(w->fd, data, len < 4096 ? len : 4096);
}

/* The end of the record at which @offset is. */
static size_t end_behind(const struct skep_writer *w, size_t offset)
{
	for (size_t i = 0; i < w->ends.len; i++)
		if (w->ends.items[i] > offset)
			return w->ends.items[i];
	return w->text.len;
}

/* Takes what has been sent off the text's beginning. */
static void forget(struct skep_writer *w, size_t len)
{
	size_t n = 0;

	while (n < w->ends.len && w->ends.items[n] <= len)
		n++;
	for (size_t i = n; i < w->ends.len; i++)
		w->ends.items[i - n] = w->ends.items[i] - len;
	w->ends.len -= n;
	memmove(w->text.data, w->text.data + len, w->text.len - len);
	w->text.len -= len;
	w->sent = 0;
}

static bool waits_for_reader(int code)
{
	return code == EAGAIN || code == EINTR || code == ENOBUFS;
}

/* False: the run ends, and the reader has taken nothing for too long. */
static bool wait_for_reader(struct skep_writer *w, int *waited)
{
	struct pollfd room = { .fd = w->fd, .events = POLLOUT };

	poll(&room, 1, 100);
	if (!__atomic_load_n(&w->sink->is_ending, __ATOMIC_RELAXED))
		return true;
	*waited += 100;
	return *waited < PATIENCE_MS;
}

/* 0 or an errno. */
static int send_text(struct skep_writer *w)
{
	int waited = 0;

	while (w->sent < w->text.len) {
		size_t end = w->is_message ? end_behind(w, w->sent) : w->text.len;
		ssize_t n = send_some(w, w->text.data + w->sent, end - w->sent);

		if (n >= 0) {
			w->sent += (size_t)n;
			waited = 0;
		} else if (w->is_message && errno == EMSGSIZE) {
			w->sent = end;
			w->dropped++;
		} else if (!waits_for_reader(errno)) {
			return errno;
		} else if (!wait_for_reader(w, &waited)) {
			return ETIMEDOUT;
		}
	}
	return 0;
}

static void give_up(struct skep_writer *w)
{
	w->sink->is_broken = true;
	skep_writer_drop(w);
}

/* Its reader has gone. What it got a part of is lost; the rest is for the next one. */
static void lose_reader(struct skep_writer *w)
{
	size_t whole = 0;

	for (size_t i = 0; i < w->ends.len && w->ends.items[i] <= w->sent; i++)
		whole = w->ends.items[i];
	close(w->fd);
	w->fd = -1;
	if (w->sent > whole && !w->is_message) {
		whole = end_behind(w, w->sent);
		w->dropped += w->ends.len > 0;
	}
	forget(w, whole);
	if (!w->text.len)
		w->form->begin(w->ctx, &w->text, true);
}

/* There is no reader now. The newest record goes when there is no more room to keep it. */
static int keep(struct skep_writer *w, bool is_last, int code, struct skep_error *err)
{
	if (is_last)
		give_up(w);
	if (!is_last && w->text.len <= KEPT)
		return 0;
	if (!is_last && w->ends.len) {
		w->ends.len--;
		w->text.len = w->ends.len ? w->ends.items[w->ends.len - 1] : 0;
		w->dropped++;
	}
	return w->dropped ? skep_writer_failed(w, code == EAGAIN ? ENOTCONN : code,
					       w->is_socket ? "nobody listens" : "nobody reads it",
					       err) :
			    0;
}

static int out(struct skep_writer *w, bool is_last, struct skep_error *err)
{
	int ret;

	if (is_last && w->form->end)
		w->form->end(w->ctx, &w->text);
	if (!w->ends.len && !is_last)
		return 0;
	ret = find_reader(w);
	if (ret)
		return keep(w, is_last, -ret, err);
	if (w->form->seal)
		w->form->seal(w->ctx, &w->text);
	ret = send_text(w);
	if (!ret) {
		w->ends.len = 0;
		w->sent = 0;
		skep_text_reset(&w->text);
		return w->dropped ? skep_writer_failed(w, EMSGSIZE, "too large for it", err) : 0;
	}
	if (!w->path || ret == ETIMEDOUT || is_last || w->form->is_whole)
		give_up(w);
	else
		lose_reader(w);
	return skep_writer_failed(
		w, ret, ret == ETIMEDOUT ? "its reader takes nothing" : "cannot be written", err);
}

const struct skep_writer_kind skep_writer_stream = { .out = out };
