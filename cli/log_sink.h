/* SPDX-License-Identifier: MIT */
/* Where lines that programs log go: a descriptor, syslog, the journal. */
#ifndef SKEP_CLI_LOG_SINK_H
#define SKEP_CLI_LOG_SINK_H

#include <skep/log.h>

#include "stream/net/syslog_socket.h"

enum log_sink_kind { LOG_SINK_FD, LOG_SINK_SYSLOG, LOG_SINK_JOURNAL };

struct log_sink {
	enum log_sink_kind kind;
	int fd;	   /* where it is written to; a socket of the journal is the sink's own */
	bool json; /* to a descriptor */
	struct skep_syslog syslog;
	struct skep_text text;
	struct skep_error failed; /* a write that failed inside a callback */
	struct skep_log *log;	  /* whose losses are told while it runs; NULL: nobody's */
	uint64_t looked;	  /* when its losses were looked at, in ns of CLOCK_MONOTONIC */
	uint64_t lost;		  /* that were told */
};

/*
 * @where is NULL for the descriptor @fd, which stays the caller's; "syslog", "journald", or
 * "journald:SOCKET".
 */
int log_sink_open(struct log_sink *sink, const char *where, int fd, bool json,
		  struct skep_error *err);

/*
 * A skep_log_fn; @ctx is the sink. Lines that @log lost are told before the next one, at most once
 * a second: on stderr, or where the lines go if that is syslog or the journal.
 */
int log_sink_write(void *ctx, const struct skep_log_record *record);

void log_sink_close(struct log_sink *sink);

/* "3 lines logged, 2 lost (cpu 0: 1, cpu 3: 1)" to stderr. */
void log_sink_count(struct skep_log *log);

#endif
