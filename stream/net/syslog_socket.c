// SPDX-License-Identifier: MIT
#include "stream/net/syslog_socket.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

#define SECOND 1000000000ll
#define PAUSE  (SECOND / 10)
#define BATCH  (64 * 1024)

static int64_t now(void)
{
	return skep_clock_now(CLOCK_MONOTONIC);
}

/* A datagram; to a daemon that has been started anew by a new socket. */
static int send_datagram(struct skep_syslog *log, const struct skep_text *message,
			 struct skep_error *err)
{
	int ret = 0;

	for (int i = 0; i < 2; i++) {
		ret = skep_syslog_reach(log, err);
		if (ret)
			return ret;
		ret = send(log->fd, message->data, message->len,
			   MSG_NOSIGNAL | (log->is_stuck ? MSG_DONTWAIT : 0)) < 0 ?
			      -errno :
			      0;
		log->is_stuck = ret == -EAGAIN;
		if (!ret)
			return 0;
		if (ret != -ECONNREFUSED && ret != -ENOTCONN && ret != -ECONNRESET)
			break;
		skep_syslog_hang_up(log);
	}
	return skep_syslog_unreachable(log, ret, err);
}

/* The frames that are gone make room when they are the larger part. */
static void forget(struct skep_syslog *log)
{
	if (log->start < log->out.len / 2 || !log->start)
		return;
	log->out.len -= log->start;
	log->sent -= log->start;
	memmove(log->out.data, log->out.data + log->start, log->out.len);
	log->start = 0;
	log->frames.len -= log->first;
	memmove(log->frames.items, log->frames.items + log->first,
		log->frames.len * sizeof(uint32_t));
	log->first = 0;
}

static int queue(struct skep_syslog *log, const struct skep_text *message, struct skep_error *err)
{
	size_t before = log->out.len;

	if (before - log->start + message->len > log->limit)
		return skep_error_set(err, SKEP_STAGE_DELIVER, ENOBUFS,
				      "the queue is full, the syslog daemon %s",
				      log->fd < 0 ? "cannot be reached" : "is too slow");
	if (skep_vec_reserve(&log->frames, 1))
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	if (log->kind == SKEP_SYSLOG_TCP) {
		skep_text_u64(&log->out, message->len);
		skep_text_char(&log->out, ' ');
	}
	skep_text_bytes(&log->out, message->data, message->len);
	if (log->kind == SKEP_SYSLOG_UNIX)
		skep_text_char(&log->out, '\0');
	if (log->out.failed) {
		log->out.len = before;
		log->out.failed = false;
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	}
	log->frames.items[log->frames.len++] = (uint32_t)(log->out.len - before);
	return 0;
}

int skep_syslog_send(struct skep_syslog *log, const struct skep_text *message,
		     struct skep_error *err)
{
	int ret;

	if (message->failed)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	if (!log->is_stream)
		return send_datagram(log, message, err);
	if (log->out.len - log->start + message->len > log->limit)
		skep_syslog_drain(log, log->fd < 0 ? 0 : SECOND, NULL);
	ret = queue(log, message, err);
	/* A daemon that takes nothing is not asked again for each message. */
	if (!ret && log->out.len - log->sent >= log->tried + BATCH)
		skep_syslog_drain(log, 0, NULL);
	return ret;
}

/* False: the connection is gone, or takes no more at present. */
static bool send_some(struct skep_syslog *log)
{
	ssize_t n = send(log->fd, log->out.data + log->sent, log->out.len - log->sent,
			 MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			skep_syslog_hang_up(log);
		return false;
	}
	log->sent += (size_t)n;
	while (log->first < log->frames.len &&
	       log->start + log->frames.items[log->first] <= log->sent)
		log->start += log->frames.items[log->first++];
	forget(log);
	return true;
}

/* What a daemon that goes away would have left unread shows at the socket before it is written to.
 */
static void wait_for(struct skep_syslog *log, int64_t wait)
{
	struct pollfd fd = { .fd = log->fd, .events = POLLOUT | POLLRDHUP };
	int failed = 0;
	socklen_t len = sizeof(failed);

	if (log->fd < 0) {
		const struct timespec pause = { .tv_nsec = wait < PAUSE ? wait : PAUSE };

		nanosleep(&pause, NULL);
		return;
	}
	if (poll(&fd, 1, (int)(wait / 1000000)) <= 0)
		return;
	getsockopt(log->fd, SOL_SOCKET, SO_ERROR, &failed, &len);
	log->is_connecting = false;
	if (failed || fd.revents & (POLLRDHUP | POLLERR | POLLHUP))
		skep_syslog_hang_up(log);
}

static size_t waiting(const struct skep_syslog *log)
{
	return log->frames.len - log->first;
}

size_t skep_syslog_drain(struct skep_syslog *log, int64_t wait, struct skep_error *err)
{
	int64_t deadline = now() + wait, left;

	do {
		if (!waiting(log))
			break;
		left = deadline > now() ? deadline - now() : 0;
		skep_syslog_reach(log, err);
		wait_for(log, left);
		while (log->fd >= 0 && !log->is_connecting && waiting(log) && send_some(log))
			;
	} while (now() < deadline);
	log->tried = log->out.len - log->sent;
	return waiting(log);
}

void skep_syslog_write_head(int priority, const char *tag, struct skep_text *out)
{
	time_t seconds = time(NULL);
	char stamp[32];
	struct tm tm;

	localtime_r(&seconds, &tm);
	/* Not in the language of the environment: it is a format. */
	strftime(stamp, sizeof(stamp), "%e %H:%M:%S", &tm);
	skep_text_printf(out, "<%d>%.3s %s %s[%d]: ", priority,
			 "JanFebMarAprMayJunJulAugSepOctNovDec" + 3 * tm.tm_mon, stamp, tag,
			 (int)getpid());
}

void skep_syslog_close(struct skep_syslog *log)
{
	if (log->fd >= 0)
		close(log->fd);
	free(log->host);
	free(log->port);
	skep_text_free(&log->out);
	skep_vec_free(&log->frames);
}
