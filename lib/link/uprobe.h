/* SPDX-License-Identifier: MIT */
/* What the kinds of probes of user space share: places in one file, attached together. */
#ifndef SKEP_LINK_UPROBE_H
#define SKEP_LINK_UPROBE_H

#include "link/link.h"
#include "user/binary.h"

struct skep_uprobe_point {
	uint64_t offset;  /* in the file that the kernel opens */
	uint64_t ref_ctr; /* likewise; 0: none */
	uint64_t cookie;
};

struct skep_uprobe {
	const struct skep_program *program;
	/* Closed: in a mapping of the file the kernel would set, and count, the probes again. */
	const struct skep_binary *binary;
	const struct skep_uprobe_point *points;
	size_t n;
	int pid; /* 0: every process */
	bool is_return, has_cookies;
	char hook[160]; /* "uprobe /bin/ls:main" */
};

/* What the link's state begins with: made with skep_link_hold() by the family. */
struct skep_uprobe_state {
	struct skep_probe_event *events; /* of tracefs, one for each fd; or NULL */
	size_t n_events;
};

/*
 * uprobe_points.c: attaches to all points. By one uprobe.multi link if the program was loaded for
 * that and the kernel has it, else by an event each. @link is one of skep_link_hold(), whose state
 * begins with struct skep_uprobe_state; skep_uprobe_release() is or ends its ops->detach.
 */
int skep_uprobe_attach(const struct skep_uprobe *uprobe, struct skep_link *link,
		       struct skep_error *err);
void skep_uprobe_release(struct skep_link *link);

/* uprobe_refused.c: what the kernel's answer to a point means. Returns -errno. */
int skep_uprobe_refused(const struct skep_uprobe *uprobe, const struct skep_uprobe_point *point,
			int code, struct skep_error *err);

/* uprobe_place.c: the offset of a place in the file, checked to be code. */
int skep_uprobe_place(const struct skep_binary *binary, const char *symbol, uint64_t offset,
		      uint64_t *out, struct skep_error *err);

/* -ENOEXEC for a file whose programs this kernel cannot run. */
int skep_uprobe_check_machine(const struct skep_binary *binary, struct skep_error *err);

/* -EINVAL for a negative pid. */
int skep_uprobe_check_pid(int pid, struct skep_error *err);

/*
 * "PATH:REST": the end of the path, or NULL (with the message) when there is none. The path's
 * folders may have colons in their names.
 */
const char *skep_uprobe_split(const char *target, const char *form, struct skep_error *err);

/* By a section named uprobe.multi, uretprobe.multi or uprobe.session. */
struct skep_link *skep_uprobe_multi_by_section(const struct skep_program *program,
					       struct skep_error *err);

/* uprobe.c: attaches to all points, in a link of their own with the hook's name. */
struct skep_link *skep_uprobe_link(const struct skep_uprobe *uprobe, struct skep_error *err);

/* An unopened binary, freed with free(); NULL: no memory. */
struct skep_binary *skep_uprobe_binary(struct skep_error *err);

/* By a section named uprobe or uretprobe. */
struct skep_link *skep_uprobe_by_section(const struct skep_program *program,
					 struct skep_error *err);

#endif
