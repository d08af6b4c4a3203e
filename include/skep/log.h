/* SPDX-License-Identifier: MIT */
/*
 * skep/log.h - what programs log with skep/bpf/log.h.
 *
 * A program sends the arguments of a line; the format, file and line number are in a table of
 * constants of its object. A log reads both and hands out lines. It is opened from an object that
 * this process has loaded, or from a program that somebody else has, by its id, pin or fd.
 *
 *	struct skep_log *log = skep_log_open(object, &err);
 *
 *	skep_loop_add_log(loop, log, print_line, NULL, &err);
 *
 * Logs of several objects may be in one loop. All programs of an object share one buffer, and each
 * line is read once: of two readers each gets some of them.
 *
 * A log is used by one thread at a time.
 */
#ifndef SKEP_LOG_H
#define SKEP_LOG_H

#include <skep/object.h>
#include <skep/ring.h>
#include <skep/text.h>

#ifdef __cplusplus
extern "C" {
#endif

enum skep_log_level {
	SKEP_LOG_OFF,
	SKEP_LOG_ERROR,
	SKEP_LOG_WARN,
	SKEP_LOG_INFO,
	SKEP_LOG_DEBUG,
	SKEP_LOG_TRACE,
};

/* "off", "error", "warn", "info", "debug", "trace"; NULL for another number. */
const char *skep_log_level_name(enum skep_log_level level);

/* The level of that name, or -EINVAL (the message lists them). */
int skep_log_level_parse(const char *name, struct skep_error *err);

/* An argument of a line. */
struct skep_log_value {
	const void *bytes; /* of a string, address or run of bytes; NULL: a number */
	size_t len;
	int64_t number; /* widened by its sign; of bytes that could not be read, -errno */
};

struct skep_log_record {
	size_t size; /* sizeof(struct skep_log_record) of the library */
	enum skep_log_level level;
	uint64_t time;	   /* ns of CLOCK_MONOTONIC */
	uint64_t realtime; /* ns since 1970, by the clock's present setting */
	uint32_t cpu;
	uint32_t pid,
		tid;	  /* of who ran when the program did; 0: programs of its type cannot tell */
	const char *file; /* without folders */
	uint32_t line;
	const char *function; /* the C function, at most 31 characters */
	const char *program;  /* "": several programs have this line, or it is not known */
	const char *message;  /* as the program meant it: not escaped; ended by NUL */
	size_t message_len;
	const char *format;
	const struct skep_log_value *values;
	size_t n_values;
};

/* Called for each line; all of the record is valid until it returns. Non-zero ends the reading. */
typedef int (*skep_log_fn)(void *ctx, const struct skep_log_record *record);

struct skep_log;

/*
 * skep_log_open - the log of an object, which must outlive it. ENOENT: nothing in the object logs;
 * EINVAL: its table of lines is damaged.
 */
struct skep_log *skep_log_open(const struct skep_object *object, struct skep_error *err);

/*
 * The log of a loaded program, by its fd, which stays the caller's, its id (needs CAP_SYS_ADMIN) or
 * its file in bpffs. Maps are found by the program's references to them. ENOENT: it does not log.
 */
struct skep_log *skep_log_open_fd(int fd, struct skep_error *err);
struct skep_log *skep_log_open_id(uint32_t id, struct skep_error *err);
struct skep_log *skep_log_open_pinned(const char *path, struct skep_error *err);

void skep_log_close(struct skep_log *log);

/* As skep_ring_consume() and skep_ring_drain(): what is there now, at most @max (0: all). */
int skep_log_consume(struct skep_log *log, size_t max, skep_log_fn fn, void *ctx);

/* A loop's source. The log stays the caller's and must outlive the loop. */
int skep_loop_add_log(struct skep_loop *loop, struct skep_log *log, skep_log_fn fn, void *ctx,
		      struct skep_error *err);

/*
 * skep_log_set_level - while programs run: less important lines are no longer sent. Lines above the
 * level that the object was loaded with are not in the programs, and do not come back.
 */
int skep_log_set_level(struct skep_log *log, enum skep_log_level level, struct skep_error *err);

/*
 * skep_spec_set_log_level - before loading: the verifier takes out what logs less important lines.
 * ENOENT: nothing in the object logs.
 */
int skep_spec_set_log_level(struct skep_spec *spec, enum skep_log_level level,
			    struct skep_error *err);

struct skep_log_stats {
	size_t size;	    /* sizeof(struct skep_log_stats), set by the caller */
	uint64_t delivered; /* lines given to callbacks */
	uint64_t lost;	    /* lines that found no room, on all CPUs */
	uint64_t damaged;   /* records that fit no line of the table */
};

void skep_log_stats(struct skep_log *log, struct skep_log_stats *stats);

/* Lines that were lost on one CPU. */
uint64_t skep_log_lost_on(const struct skep_log *log, uint32_t cpu);

/* True for the buffer of an object's log: a ring whose records are for this reader only. */
bool skep_map_is_log(const struct skep_map *map);

/*
 * A record as a line that ends with a newline, control characters escaped:
 *
 *	12:30:01.000123 INFO  connect.bpf.c:41 on_connect[1234] cpu 3: connect 10.0.0.1:80 by wget
 *
 * or as a JSON object with the members time (ns since 1970), level, cpu, pid, tid, file, line,
 * function, program and message; what is not known is left out.
 */
void skep_log_write_text(const struct skep_log_record *record, struct skep_text *text);
void skep_log_write_json(const struct skep_log_record *record, struct skep_text *text);

/* The level's priority of syslog(3): LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG. */
int skep_log_priority(enum skep_log_level level);

/*
 * A record as an entry of systemd's journal: MESSAGE, PRIORITY, CODE_FILE, CODE_LINE, CODE_FUNC and
 * SKEP_LEVEL, _PROGRAM, _CPU, _PID, _TID, _TIME_NS.
 */
void skep_log_write_journal(const struct skep_log_record *record, struct skep_text *text);

/*
 * skep_journal_open - a socket to the journal, the caller's to close; @path NULL: where systemd has
 * it. ENOENT, ECONNREFUSED: no journal runs. skep_journal_send() sends one entry, of any length.
 */
int skep_journal_open(const char *path, struct skep_error *err);
int skep_journal_send(int fd, const struct skep_text *entry, struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
