// SPDX-License-Identifier: MIT
/* What this process may do, and settings that everybody has. */
#include "system/doctor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kernel/file.h"

static const struct {
	unsigned int right;
	const char *name, *without;
} capabilities[] = {
	{ SKEP_RIGHT_BPF, "CAP_BPF", "no programs but socket filters, if those; few maps" },
	{ SKEP_RIGHT_PERFMON, "CAP_PERFMON", "no tracing, no reading of the kernel's memory" },
	{ SKEP_RIGHT_NET_ADMIN, "CAP_NET_ADMIN", "no programs of networks and cgroups" },
	{ SKEP_RIGHT_SYS_ADMIN, "CAP_SYS_ADMIN", "no looking at others' programs and maps" },
};

#define ALL_RIGHTS \
	(SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON | SKEP_RIGHT_NET_ADMIN | SKEP_RIGHT_SYS_ADMIN)

static void examine_capabilities(struct skep_examination *e)
{
	struct skep_rights own = e->rights;

	/* Each by itself: what else stands in the way is told by itself, too. */
	own.in_user_namespace = false;
	if (!skep_rights_are_missing(&own, ALL_RIGHTS)) {
		skep_find(e, "capabilities", SKEP_FINDING_GOOD, NULL,
			  "the process has CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN and CAP_SYS_ADMIN");
		return;
	}
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++) {
		char fix[128];

		if (!skep_rights_are_missing(&own, capabilities[i].right))
			continue;
		snprintf(fix, sizeof(fix),
			 "run as root, or give it: capsh, setcap, or systemd's "
			 "AmbientCapabilities=%s",
			 capabilities[i].name);
		skep_find(e, capabilities[i].name, SKEP_FINDING_MISSING, fix,
			  "the process lacks %s: %s", capabilities[i].name,
			  capabilities[i].without);
	}
}

static void examine_lockdown(struct skep_examination *e)
{
	switch (e->rights.lockdown) {
	case SKEP_LOCKDOWN_NONE:
		skep_find(e, "lockdown", SKEP_FINDING_GOOD, NULL, "the kernel is not locked down");
		break;
	case SKEP_LOCKDOWN_INTEGRITY:
		skep_find(e, "lockdown", SKEP_FINDING_NOTE,
			  "boot without lockdown=integrity, or with Secure Boot off",
			  "the kernel is locked down for integrity: bpf_probe_write_user() is "
			  "refused");
		break;
	case SKEP_LOCKDOWN_CONFIDENTIALITY:
		skep_find(e, "lockdown", SKEP_FINDING_MISSING,
			  "boot without lockdown=confidentiality",
			  "the kernel is locked down for confidentiality: programs cannot read its "
			  "memory");
		break;
	default:
		skep_find(e, "lockdown", SKEP_FINDING_UNKNOWN,
			  "mount -t securityfs securityfs /sys/kernel/security",
			  "whether the kernel is locked down cannot be read");
	}
}

static void examine_limits(struct skep_examination *e)
{
	struct rlimit files = { 0 };

	if (e->rights.memlock)
		skep_find(e, "memlock", SKEP_FINDING_NOTE, "ulimit -l unlimited",
			  "maps and programs may take %" PRIu64 " bytes of memory together "
			  "(RLIMIT_MEMLOCK)",
			  e->rights.memlock);
	else
		skep_find(e, "memlock", SKEP_FINDING_GOOD, NULL,
			  "memory of maps is not limited by RLIMIT_MEMLOCK");
	getrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_cur < 256)
		skep_find(e, "files", SKEP_FINDING_NOTE, "ulimit -n 1024",
			  "the process may have %llu files open; each map, program and link is one",
			  (unsigned long long)files.rlim_cur);
}

void skep_examine_rights(struct skep_examination *e)
{
	e->area = "rights";
	examine_capabilities(e);
	if (e->rights.in_user_namespace)
		skep_find(e, "namespace", SKEP_FINDING_MISSING,
			  "run outside of it, or have root mount a BPF file system that delegates "
			  "(6.9)",
			  "the process is in a user namespace, where capabilities do not count for "
			  "bpf(2)");
	if (e->rights.bpf_filtered)
		skep_find(
			e, "seccomp", SKEP_FINDING_MISSING,
			"allow bpf(2): docker run --security-opt seccomp=unconfined, or a profile "
			"of its own",
			"a seccomp filter refuses bpf(2)");
	examine_lockdown(e);
	examine_limits(e);
}

/* A setting, which of its values are noted, and what they mean. */
struct setting {
	const char *name;
	const char *file;
	long from, to; /* noted */
	const char *meaning, *fix;
};

static const struct setting settings[] = {
	{ "net.core.bpf_jit_enable", "/proc/sys/net/core/bpf_jit_enable", 0, 0,
	  "programs are interpreted, some ten times slower, and none can use trampolines",
	  "sysctl net.core.bpf_jit_enable=1" },
	{ "net.core.bpf_jit_harden", "/proc/sys/net/core/bpf_jit_harden", 1, 2,
	  "the compiler hides constants, which makes programs slower",
	  "sysctl net.core.bpf_jit_harden=0, where that is acceptable" },
	{ "kernel.unprivileged_bpf_disabled", "/proc/sys/kernel/unprivileged_bpf_disabled", 0, 0,
	  "everybody may load socket filters, which has been a way to attack kernels",
	  "sysctl kernel.unprivileged_bpf_disabled=2" },
	{ "kernel.kptr_restrict", "/proc/sys/kernel/kptr_restrict", 2, 2,
	  "addresses of symbols are hidden from everybody: externs and stacks have no names",
	  "sysctl kernel.kptr_restrict=1" },
	{ "kernel.perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid", 3, 9,
	  "perf events need CAP_SYS_ADMIN or CAP_PERFMON", "sysctl kernel.perf_event_paranoid=2" },
	{ "kernel.bpf_stats_enabled", "/proc/sys/kernel/bpf_stats_enabled", 1, 1,
	  "each run of a program is timed, which costs some ten nanoseconds",
	  "sysctl kernel.bpf_stats_enabled=0" },
	{ "kernel.ftrace_enabled", "/proc/sys/kernel/ftrace_enabled", 0, 0,
	  "functions are not traced: fentry and kprobes on functions' beginnings fail",
	  "sysctl kernel.ftrace_enabled=1" },
};

static void examine_setting(struct skep_examination *e, const struct setting *s)
{
	char text[32];
	long value;

	if (skep_file_read(s->file, text, sizeof(text)) <= 0) {
		/* Options of the kernel take settings away; hidden files are another matter. */
		if (access("/proc/sys", F_OK) || !access(s->file, F_OK))
			skep_find(e, s->name, SKEP_FINDING_UNKNOWN,
				  access("/proc/sys", F_OK) ? "mount -t proc proc /proc" :
							      "look again as root",
				  "it cannot be read");
		return;
	}
	value = strtol(text, NULL, 10);
	if (value >= s->from && value <= s->to)
		skep_find(e, s->name, SKEP_FINDING_NOTE, s->fix, "it is %ld: %s", value,
			  s->meaning);
	else
		skep_find(e, s->name, SKEP_FINDING_GOOD, NULL, "it is %ld", value);
}

void skep_examine_settings(struct skep_examination *e)
{
	e->area = "settings";
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		examine_setting(e, &settings[i]);
	if (skep_rights_lack_jit(SKEP_RIGHT_TRAMPOLINE) &&
	    access("/proc/sys/net/core/bpf_jit_enable", F_OK))
		skep_find(e, "jit", SKEP_FINDING_NOTE, "use a kernel with CONFIG_BPF_JIT=y",
			  "the kernel has no compiler for programs: they are interpreted, and none "
			  "can use trampolines");
}
