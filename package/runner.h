/* SPDX-License-Identifier: MIT */
/*
 * Runs a loaded object: attaches it, prints the records of all its rings and the text of its
 * iterators, and ends with a count of what was delivered and lost.
 */
#ifndef SKEP_PACKAGE_RUNNER_H
#define SKEP_PACKAGE_RUNNER_H

#include <skep/log.h>
#include <skep/object.h>

#include "package/command.h"
#include "stream/output.h"

struct skep_runner;

struct skep_runner_opts {
	bool json;
	int64_t duration_ns; /* -1: until it is stopped */
	char **command;	     /* started when all is attached, its end ends the run; or NULL */
	skep_log_fn log;     /* gets the lines that the programs log; NULL: they are not read */
	void *log_ctx;
};

struct skep_runner_result {
	uint64_t records, lost;
	bool some_uncounted; /* a ring among them whose losses nobody counts */
	bool command_ended;
	int command_code;
};

/*
 * Attaches and opens the rings. The object and the output stay the caller's and must outlive the
 * runner. ENOTSUP: nothing of the object could be attached.
 */
struct skep_runner *skep_runner_new(struct skep_object *object, struct skep_output *output,
				    const struct skep_runner_opts *opts, struct skep_error *err);

/* Runs to the end: time, command, skep_runner_stop(), or a failed write (which is the error). */
int skep_runner_run(struct skep_runner *runner, struct skep_runner_result *result,
		    struct skep_error *err);

/* The object's log, or NULL. */
struct skep_log *skep_runner_log(const struct skep_runner *runner);

/* May be called from a signal handler. */
void skep_runner_stop(struct skep_runner *runner);

void skep_runner_free(struct skep_runner *runner);

#endif
