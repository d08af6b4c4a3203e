/* SPDX-License-Identifier: MIT */
/* What probes share: how answers are given, and programs to try things in. */
#ifndef SKEP_SYSTEM_PROBE_H
#define SKEP_SYSTEM_PROBE_H

#include <skep/probe.h>

#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"

/* Fills @why (which may be NULL) and returns @answer. @code: an errno of either sign. */
enum skep_answer skep_say(struct skep_probe *why, enum skep_answer answer, int code,
			  const char *fmt, ...) SKEP_PRINTF(4, 5);

/* Unknown, because of EPERM or EACCES: which right is missing. */
enum skep_answer skep_say_refused(struct skep_probe *why, int code, unsigned int needs);

/* "program type 77" or its name. */
#define SKEP_NAME_SIZE 40
const char *skep_program_type_label(uint32_t type, char buf[SKEP_NAME_SIZE]);

/* What must be around instructions so that they are a program of some type. */
struct skep_host {
	struct skep_attr_prog_load attr; /* all but the instructions and the log */
	struct bpf_func_info function;
	int target_fd, btf_fd; /* of a program to be replaced, and of BTF; or -1 */
	const char *place;     /* what a yes is limited to: "in iterators"; NULL: nothing */
};

/*
 * skep_host_open - the @variant-th host for programs of a type; the first is where the type is used
 * mostly. With @attach_type not SKEP_ANY_ATTACH, the host for that.
 * Yes: it is ready, and must be closed. No, unknown: why there can be none.
 */
#define SKEP_ANY_ATTACH UINT32_MAX
enum skep_answer skep_host_open(struct skep_host *host, uint32_t type, uint32_t attach_type,
				unsigned int variant, struct skep_probe *why);
void skep_host_close(struct skep_host *host);

/* How many hosts a type has. */
unsigned int skep_host_variants(uint32_t type, uint32_t attach_type);

/*
 * Loads instructions in a host and closes the program again: 0, or -errno with the verifier's
 * words in @log.
 */
#define SKEP_PROBE_LOG 8192
int skep_host_try(const struct skep_host *host, const struct bpf_insn *insns, uint32_t n,
		  char log[SKEP_PROBE_LOG]);

/* As above, but leaves the program open: its fd, or -errno. */
int skep_host_load(const struct skep_host *host, const struct bpf_insn *insns, uint32_t n,
		   char log[SKEP_PROBE_LOG]);

/* The smallest program: return 0. */
extern const struct bpf_insn skep_return_0[2];

/* What a load's result means for the type itself. */
enum skep_answer skep_judge(const struct skep_host *host, int ret, const char *log,
			    struct skep_probe *why);

#endif
