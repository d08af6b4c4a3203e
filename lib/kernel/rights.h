/* SPDX-License-Identifier: MIT */
/*
 * Why the kernel said EPERM or EACCES: what the process is allowed to do is read, and the message
 * names what is missing. Whoever meets a memory limit (before 5.11) has tried to raise it before
 * (kernel/memlock.h): it is a cause where that is not allowed.
 */
#ifndef SKEP_KERNEL_RIGHTS_H
#define SKEP_KERNEL_RIGHTS_H

#include <stdbool.h>
#include <stdint.h>
#include <skep/error.h>

/* What an operation needs. BPF and PERFMON are also given by SYS_ADMIN. */
#define SKEP_RIGHT_BPF	      (1u << 0)
#define SKEP_RIGHT_PERFMON    (1u << 1)
#define SKEP_RIGHT_NET_ADMIN  (1u << 2)
#define SKEP_RIGHT_SYS_ADMIN  (1u << 3)
#define SKEP_RIGHT_TRAMPOLINE (1u << 4) /* code made at run time that calls the program */

enum skep_lockdown {
	SKEP_LOCKDOWN_UNKNOWN,
	SKEP_LOCKDOWN_NONE,
	SKEP_LOCKDOWN_INTEGRITY,
	SKEP_LOCKDOWN_CONFIDENTIALITY
};

struct skep_rights {
	uint64_t caps;		  /* effective */
	bool in_user_namespace;	  /* capabilities there do not count for bpf(2) */
	bool seccomp;		  /* a filter is active */
	bool bpf_filtered;	  /* and it refuses bpf(2) */
	int unprivileged_bpf_off; /* the sysctl; -1: unknown */
	enum skep_lockdown lockdown;
	char modules[128]; /* active security modules, "lockdown,capability,yama"; "": unknown */
	/* The limit of memory where it counts and cannot be raised (before 5.11); 0: it is no
	 * cause. */
	uint64_t memlock;
};

/*
 * Whether a trampoline is among what is needed, and the kernel has nothing to make one with: it
 * says ENOMEM or that it does not support it. /proc has a setting of the compiler where there is
 * one. The other says so.
 */
bool skep_rights_lack_jit(unsigned int needs);
int skep_rights_no_jit(struct skep_error *err, enum skep_stage stage, int code, const char *doing);

void skep_rights_read(struct skep_rights *rights);

/* From the text of /proc/PID/status and /sys/kernel/security/lockdown. */
void skep_rights_parse_status(struct skep_rights *rights, const char *text);
void skep_rights_parse_lockdown(struct skep_rights *rights, const char *text);

/*
 * Why the verifier says that there is no such helper, though there is: those that read the kernel's
 * memory are hidden from a locked down kernel's programs, many from processes that lack
 * capabilities. False when @log, the verifier's, tells of no such helper, or nothing hides it.
 */
bool skep_rights_hide_helper(const struct skep_rights *rights, struct skep_error *err,
			     const char *log);

/* Whether this process may not do what needs these. */
bool skep_rights_are_missing(const struct skep_rights *rights, unsigned int needs);

/* Starts the message: @doing, then the cause and the hint that follow from @rights. */
int skep_rights_describe(const struct skep_rights *rights, struct skep_error *err,
			 enum skep_stage stage, int code, unsigned int needs, const char *doing);

/* The same for this process. Returns -@code. */
int skep_rights_explain(struct skep_error *err, enum skep_stage stage, int code, unsigned int needs,
			const char *doing);

#endif
