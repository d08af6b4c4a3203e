/* SPDX-License-Identifier: MIT */
/*
 * A sink takes records to one place: a file, a database, a server. It is named on the command line
 * as KIND:TARGET,OPTION=VALUE: "jsonl:events.log,rotate=100M", "sqlite:events.db".
 *
 * A sink is used by one thread at a time. What one sink cannot deliver is counted there and is no
 * reason for another to stop: a write that fails loses its records, not the run.
 */
#ifndef SKEP_STREAM_SINK_H
#define SKEP_STREAM_SINK_H

#include <stdbool.h>
#include <skep/error.h>

#include "base/vec.h"
#include "stream/source.h"

struct skep_sink;

/* A word that may stand behind a target, with what it means for the manual. */
struct skep_sink_option {
	const char *name, *value, *help; /* "rotate", "SIZE", "begin a new file beyond this" */
};

struct skep_sink_type {
	const char *name;    /* "sqlite" */
	const char *target;  /* what stands behind the colon, "FILE"; NULL: nothing */
	const char *summary; /* "rows of a database, a table a source" */
	bool may_wait;	     /* for a network or a database: it gets a thread of its own */
	const struct skep_sink_option *options; /* ends with a name that is NULL; or NULL */

	/* @target is "" when none is given. What it keeps is in sink->state. */
	int (*open)(struct skep_sink *sink, const char *target, struct skep_error *err);

	/*
	 * Takes one record, which is valid during the call. Non-zero: it cannot be taken; the
	 * caller counts it as lost. A sink that keeps records and fails to deliver them later
	 * counts them itself by skep_sink_lose().
	 */
	int (*write)(struct skep_sink *sink, const struct skep_source *source, const void *data,
		     size_t len, struct skep_error *err);

	/*
	 * After each batch, and some times a second when nothing comes. At the end (@is_last) it
	 * delivers what it has, within a few seconds.
	 */
	int (*flush)(struct skep_sink *sink, bool is_last, struct skep_error *err);

	/* Of what has been opened, also when only half of it could be. Delivers nothing. */
	void (*close)(struct skep_sink *sink);

	/* On SIGHUP: files are opened anew. NULL: nothing is to be done. */
	int (*reopen)(struct skep_sink *sink, struct skep_error *err);

	/* @n records of a source were lost before they came to this sink. NULL: it takes no note.
	 */
	void (*missed)(struct skep_sink *sink, const struct skep_source *source, uint64_t n);
};

struct skep_sink_setting {
	const char *name, *value;
};

/* What one output of a run has lost so far, for those that tell it. */
struct skep_sink_losses {
	struct skep_sink_losses *next;
	uint64_t lost; /* atomic: as of the output's last flush */
	char spec[];
};

struct skep_sink {
	const struct skep_sink_type *type;
	void *state; /* the type's */
	char *spec;  /* as it was given: "sqlite:events.db" */
	struct skep_vec(struct skep_sink_setting) settings;
	uint64_t delivered, lost;
	int64_t time;	/* of the record that is written: when it was received, ns since 1970 */
	int cpu;	/* where it was produced; -1: not known */
	bool may_wait;	/* as the type's, unless open() knows better */
	bool is_broken; /* set by the type: nothing can be delivered any more */
	/* Of all outputs of the run, itself too; the list may grow in front. NULL: in no run. */
	struct skep_sink_losses *const *run;
	bool is_ending;		  /* atomic: the run ends, and no more than seconds may be waited */
	struct skep_error failed; /* the first reason for which records were lost; code 0: none */
	char *words;		  /* the target and the settings, cut apart */
};

/* All types that are built in, in the order of the manual; ends with NULL. */
extern const struct skep_sink_type *const skep_sink_types[];

/*
 * Opens a sink by its @spec. EINVAL: there is no such kind, option or value (the hint lists them);
 * else as the type says.
 */
struct skep_sink *skep_sink_open(const char *spec, struct skep_error *err);

/* What a type asks of its settings; NULL: it is not given. */
const char *skep_sink_setting(const struct skep_sink *sink, const char *name);

/*
 * A record, and a batch's end. They count, and keep the first error in sink->failed; 0, or what
 * failed now, for who wants to know it.
 */
int skep_sink_write(struct skep_sink *sink, const struct skep_source *source, const void *data,
		    size_t len);
int skep_sink_flush(struct skep_sink *sink, bool is_last);

/* On SIGHUP. What fails is kept as the sink's problem, though nothing is lost by it. */
void skep_sink_reopen(struct skep_sink *sink);

/* Tells a sink of losses that are not its own. */
void skep_sink_missed(struct skep_sink *sink, const struct skep_source *source, uint64_t n);

/* @n records that were taken are lost after all, for the reason in @why. */
void skep_sink_lose(struct skep_sink *sink, uint64_t n, const struct skep_error *why);

/* Flush first. NULL is fine. */
void skep_sink_close(struct skep_sink *sink);

#endif
