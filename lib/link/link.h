/* SPDX-License-Identifier: MIT */
/*
 * What every kind of link has in common. A family's file fills one in: it checks its arguments,
 * calls the kernel, and returns skep_link_new() with what it got. What closing the fds does not
 * undo is undone by ops->detach.
 */
#ifndef SKEP_LINK_LINK_H
#define SKEP_LINK_LINK_H

#include <skep/link.h>
#include <skep/link_info.h>

struct skep_link_ops {
	/* before the fds are closed; NULL when closing them is all */
	void (*detach)(struct skep_link *link);
};

struct skep_link {
	const struct skep_link_ops *ops; /* NULL: the fds are all */
	int *fds;			 /* fds[0] is what skep_link_fd() tells */
	size_t n_fds;
	char label[96];
	char *pin; /* the absolute path where it is pinned, or NULL */
	/* for ops->detach */
	int prog_fd; /* owned by the link; -1 for none */
	void *state; /* the family's own; freed with the link */
};

/*
 * A link that owns @fd, which is closed if there is no memory. The label is what follows "attached
 * to": "tracepoint sched/sched_switch".
 */
struct skep_link *skep_link_new(const struct skep_link_ops *ops, int fd, struct skep_error *err,
				const char *label, ...) __attribute__((format(printf, 4, 5)));

/*
 * A link for what closing an fd does not undo: it holds the program, and @size zero bytes of
 * state for @ops. Made before attaching, so that what is attached can always be detached;
 * skep_link_abandon() frees it when the kernel refuses.
 */
struct skep_link *skep_link_hold(const struct skep_link_ops *ops,
				 const struct skep_program *program, size_t size,
				 struct skep_error *err, const char *label, ...)
	__attribute__((format(printf, 5, 6)));
void skep_link_abandon(struct skep_link *link);

/* One more fd for the link to own; closed on failure. */
int skep_link_add_fd(struct skep_link *link, int fd, struct skep_error *err);

/*
 * Adds to a message which program it is about; returns NULL, so that "return skep_link_fail(...)"
 * ends an attach function.
 */
struct skep_link *skep_link_fail(const struct skep_program *program, struct skep_error *err);

/* -EBADF when the program is not loaded, -EINVAL when its type is none of the two. */
int skep_link_check(const struct skep_program *program, uint32_t type, uint32_t other_type,
		    const char *hook, struct skep_error *err);

/* True when its section's name is @name, with ".s" or a target behind it or not: "@name/target". */
bool skep_link_in_section(const struct skep_program *program, const char *name);

/*
 * Says why the kernel refused to attach to @hook: missing rights (SKEP_RIGHT_*), or its errno.
 * Returns -@code.
 */
int skep_link_refused(struct skep_error *err, int code, unsigned int needs, const char *hook);

/* A cookie was asked for, which the kernel has for this kind of hook since @version only. */
int skep_link_no_cookies(const char *hook, const char *version, struct skep_error *err);

/* A bpf_link to what @target_fd stands for, at the hook that is the program's attach type. */
int skep_link_to_fd(const struct skep_program *program, int target_fd);

/* skep_link_info() of what @fd is; -1 has nothing to tell. */
int skep_link_info_of_event(int fd, struct skep_link_info *out);
int skep_link_info_of_fd(int fd, struct skep_link_info *info, struct skep_error *err);

/*
 * Says why BPF_LINK_UPDATE was refused with @code; @expected_id is the program that the link had to
 * run, or 0. Returns the errno that the caller passes on.
 */
int skep_link_explain_update(const struct skep_link *link, uint32_t expected_id, int code,
			     struct skep_error *err);

/*
 * Attaches a program to a perf event, by bpf_link where the kernel has it (5.15) and by ioctl
 * otherwise, and enables the event. Takes @perf_fd, also on failure. Returns the fd that keeps the
 * program attached.
 */
int skep_link_perf(int perf_fd, int prog_fd, uint64_t cookie);

#endif
