// SPDX-License-Identifier: MIT
#include "kernel/probe_event.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/file.h"
#include "kernel/tracefs.h"

#define MAX_LINE 4096 /* WRITE_BUFSIZE of kernel/trace/trace.c */

static int write_line(const struct skep_probe_event *event, const char *line)
{
	SKEP_SCOPED(skep_scoped_fd)
	int fd = openat(event->tracefs, event->file, O_WRONLY | O_APPEND | O_CLOEXEC);
	size_t len = strlen(line);

	if (fd < 0)
		return -errno;
	/* The kernel takes a line whole or not at all. */
	return write(fd, line, len) == (ssize_t)len ? 0 : -(errno ?: EIO);
}

/* An event of the same name would be taken for another place of the same event. */
static void give_name(struct skep_probe_event *event)
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != sizeof(number)) {
		struct timespec now;

		clock_gettime(CLOCK_MONOTONIC, &now);
		number = (uint64_t)now.tv_sec << 30 | (uint64_t)now.tv_nsec;
	}
	snprintf(event->name, sizeof(event->name), "p%d_%llx", getpid(),
		 (unsigned long long)number);
}

static int read_id(struct skep_probe_event *event)
{
	char path[96], text[32];
	int ret;

	snprintf(path, sizeof(path), "events/skep/%s/id", event->name);
	ret = skep_file_read_at(event->tracefs, path, text, sizeof(text));
	if (ret < 0)
		return ret;
	event->id = atoi(text);
	return 0;
}

static int add(struct skep_probe_event *event, bool is_return, const char *place)
{
	char line[MAX_LINE];
	int ret;

	if (snprintf(line, sizeof(line), "%c:skep/%s %s\n", is_return ? 'r' : 'p', event->name,
		     place) >= (int)sizeof(line))
		return -ENAMETOOLONG;
	ret = write_line(event, line);
	if (ret)
		return ret;
	ret = read_id(event);
	if (ret) {
		snprintf(line, sizeof(line), "-:skep/%s\n", event->name);
		write_line(event, line);
	}
	return ret;
}

int skep_probe_event_add(struct skep_probe_event *event, const char *file, bool is_return,
			 const char *place, struct skep_error *err)
{
	int ret;

	*event = (struct skep_probe_event){ .file = file, .tracefs = skep_tracefs_open(err) };
	if (event->tracefs < 0)
		return event->tracefs;
	if (faccessat(event->tracefs, file, F_OK, 0)) {
		ret = skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
				     "tracefs has no %s: this kernel was built without", file);
	} else {
		give_name(event);
		ret = add(event, is_return, place);
		if (ret)
			skep_error_set_errno(err, SKEP_STAGE_ATTACH, ret,
					     "the kernel refuses the probe '%s'", place);
	}
	if (ret)
		close(event->tracefs);
	return ret;
}

void skep_probe_event_remove(struct skep_probe_event *event)
{
	char line[64];

	snprintf(line, sizeof(line), "-:skep/%s\n", event->name);
	/* A perf event that was closed may be freed a moment later (EBUSY). */
	for (int tries = 0; write_line(event, line) == -EBUSY && tries < 100; tries++)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	close(event->tracefs);
}
