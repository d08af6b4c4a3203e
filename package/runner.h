/* SPDX-License-Identifier: MIT */
/*
 * Runs a loaded object: attaches it, publishes the records of all its rings and the text of its
 * iterators, and ends with a count of what was received and lost before it could be.
 */
#ifndef SKEP_PACKAGE_RUNNER_H
#define SKEP_PACKAGE_RUNNER_H

#include <skep/log.h>
#include <skep/object.h>

#include "package/attach.h"
#include "package/command.h"
#include "package/package.h"
#include "stream/delivery.h"

struct skep_runner;

struct skep_runner_opts {
	int64_t duration_ns; /* -1: until it is stopped */
	char **command;	     /* started when all is attached, its end ends the run; or NULL */
	skep_log_fn log;     /* gets the lines that the programs log; NULL: they are not read */
	void *log_ctx;
	struct skep_attach_plan *plan;	    /* what is attached beside; the caller's; or NULL */
	const struct skep_package *package; /* how its maps' records read; or NULL */
	const char *columns; /* to show, as of skep_view_opts; NULL: all that are not hidden */
};

struct skep_runner_result {
	uint64_t records, lost;
	bool some_uncounted; /* a ring among them whose losses nobody counts */
	bool command_ended;
	int command_code;
};

/*
 * Attaches and opens the rings. The object and the delivery stay the caller's; the object must
 * outlive the runner, and the delivery must be freed before it. ENOTSUP: nothing of the object
 * could be attached.
 */
struct skep_runner *skep_runner_new(struct skep_object *object, struct skep_delivery *delivery,
				    const struct skep_runner_opts *opts, struct skep_error *err);

/*
 * Runs to the end: time, command, skep_runner_stop(), or no sink is left that takes anything. What
 * sinks have not written yet is theirs at skep_delivery_end().
 */
int skep_runner_run(struct skep_runner *runner, struct skep_runner_result *result,
		    struct skep_error *err);

/* The object's log, or NULL. */
struct skep_log *skep_runner_log(const struct skep_runner *runner);

/* Ends the run. May be called from a signal handler. */
void skep_runner_stop(struct skep_runner *runner);

void skep_runner_free(struct skep_runner *runner);

#endif
