// SPDX-License-Identifier: MIT
/* The kernel's function of a system call, whose name depends on architecture and version. */
#include "link/kprobe.h"

#include <ctype.h>
#include <string.h>

#include "base/error.h"
#include "base/opts.h"

/* ARCH_HAS_SYSCALL_WRAPPER: the function takes its arguments as struct pt_regs (4.17 on). */
#if defined(__x86_64__)
#define WRAPPER "__x64_sys_"
#elif defined(__i386__)
#define WRAPPER "__ia32_sys_"
#elif defined(__aarch64__)
#define WRAPPER "__arm64_sys_"
#elif defined(__s390x__)
#define WRAPPER "__s390x_sys_"
#elif defined(__riscv)
#define WRAPPER "__riscv_sys_"
#else
#define WRAPPER "sys_"
#endif

/* From the one that wraps the others to the one that has the arguments in registers. */
static const char *const prefixes[] = { WRAPPER, "sys_", "__se_sys_" };

#define MAX_NAME 64

static int check(const struct skep_program *program, const char *syscall, struct skep_error *err)
{
	size_t len = syscall ? strlen(syscall) : 0;
	int ret = skep_link_check(program, BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_KPROBE,
				  "a system call", err);

	if (ret)
		return ret;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)syscall[i]) && syscall[i] != '_')
			len = 0;
	if (len && len < MAX_NAME)
		return 0;
	return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			      "'%.80s' cannot be a system call's name", syscall ? syscall : "");
}

static struct skep_link *attach(struct skep_kprobe *probe, const char *syscall,
				struct skep_error *err)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		char function[MAX_NAME + 16];
		struct skep_link *link;
		int answer;

		snprintf(function, sizeof(function), "%s%s", prefixes[i], syscall);
		probe->function = function;
		link = skep_kprobe_attach(probe, &answer, err);
		if (link || !answer)
			return link;
		if (!skep_kprobe_is_missing(probe, answer)) {
			skep_kprobe_refused(probe, answer, err);
			return NULL;
		}
	}
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "the kernel has no system call '%s'",
		       syscall);
	skep_error_add_hint(err,
			    "its name in the kernel may differ from libc's (stat is newstat); "
			    "it looked for %s%s, sys_%s and __se_sys_%s",
			    WRAPPER, syscall, syscall, syscall);
	return NULL;
}

struct skep_link *skep_program_attach_ksyscall(const struct skep_program *program,
					       const char *syscall,
					       const struct skep_ksyscall_opts *opts,
					       struct skep_error *err)
{
	const struct skep_ksyscall_opts o = SKEP_OPTS(struct skep_ksyscall_opts, opts);
	struct skep_kprobe probe = { .program = program,
				     .cookie = o.cookie,
				     .is_return = o.retprobe ||
						  skep_link_in_section(program, "kretsyscall") };
	struct skep_link *link = check(program, syscall, err) ? NULL : attach(&probe, syscall, err);

	return link ? link : skep_link_fail(program, err);
}
