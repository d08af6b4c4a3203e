/* SPDX-License-Identifier: MIT */
/*
 * Lines for a syslog daemon: in the form and over the socket that syslog(3) has, which itself drops
 * what nobody takes without a word; or as RFC 5424 over a network. Nothing waits for a daemon
 * longer than a second.
 */
#ifndef SKEP_STREAM_NET_SYSLOG_SOCKET_H
#define SKEP_STREAM_NET_SYSLOG_SOCKET_H

#include <skep/error.h>
#include <skep/text.h>

#include "base/vec.h"

enum skep_syslog_kind { SKEP_SYSLOG_UNIX, SKEP_SYSLOG_UDP, SKEP_SYSLOG_TCP };

struct skep_syslog {
	enum skep_syslog_kind kind;
	char *host, *port; /* or the socket's path, and NULL */
	int fd;		   /* -1: not connected */
	bool is_stream;
	bool is_connecting;
	bool is_stuck;	  /* the last datagram was not taken in time */
	int64_t retry_at; /* CLOCK_MONOTONIC: not connected before it */
	/* Of a stream: what waits, from the byte @start and the frame @first on. */
	struct skep_text out;
	struct skep_vec(uint32_t) frames; /* their lengths */
	size_t start, first;
	size_t tried;	/* so many bytes waited when it was last tried to send some */
	size_t sent;	/* bytes of @out; what is half sent is sent whole to the next connection */
	uint64_t limit; /* bytes that wait at most */
};

/*
 * @where is "", "unix:PATH", "udp:HOST:PORT" or "tcp:HOST:PORT" with [] around addresses that have
 * colons. A local daemon must be there now; one of a network is looked for when there is something
 * to send, again and again.
 */
int skep_syslog_open(struct skep_syslog *log, const char *where, struct skep_error *err);

/* Connects, unless it has just been tried. Dropping the connection keeps what is queued. */
int skep_syslog_reach(struct skep_syslog *log, struct skep_error *err);
void skep_syslog_hang_up(struct skep_syslog *log);
int skep_syslog_unreachable(const struct skep_syslog *log, int code, struct skep_error *err);

/* "<30>Nov 21 17:30:00 skep[42]: ", in front of a message for a local daemon. */
void skep_syslog_write_head(int priority, const char *tag, struct skep_text *out);

/*
 * Sends a message or queues it, for a stream. ENOBUFS: the queue is full; else why it could not be
 * sent: it is lost.
 */
int skep_syslog_send(struct skep_syslog *log, const struct skep_text *message,
		     struct skep_error *err);

/* Sends what is queued, for at most @wait ns. Returns how many messages are still there. */
size_t skep_syslog_drain(struct skep_syslog *log, int64_t wait, struct skep_error *err);

void skep_syslog_close(struct skep_syslog *log);

#endif
