// SPDX-License-Identifier: MIT
#include "kernel/rights.h"

#include <linux/capability.h>
#include <skep/btf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/file.h"

/* Since 5.8; the distribution's header may be older. */
#ifndef CAP_PERFMON
#define CAP_PERFMON 38
#define CAP_BPF	    39
#endif

static const struct {
	unsigned int right;
	unsigned int cap;
	const char *name;
} capabilities[] = {
	{ SKEP_RIGHT_BPF, CAP_BPF, "CAP_BPF" },
	{ SKEP_RIGHT_PERFMON, CAP_PERFMON, "CAP_PERFMON" },
	{ SKEP_RIGHT_NET_ADMIN, CAP_NET_ADMIN, "CAP_NET_ADMIN" },
	{ SKEP_RIGHT_SYS_ADMIN, CAP_SYS_ADMIN, "CAP_SYS_ADMIN" },
};

void skep_rights_parse_status(struct skep_rights *rights, const char *text)
{
	const char *caps = strstr(text, "\nCapEff:");
	const char *seccomp = strstr(text, "\nSeccomp:");

	rights->caps = caps ? strtoull(caps + strlen("\nCapEff:"), NULL, 16) : 0;
	rights->seccomp = seccomp && strtoul(seccomp + strlen("\nSeccomp:"), NULL, 10) == 2;
}

void skep_rights_parse_lockdown(struct skep_rights *rights, const char *text)
{
	if (strstr(text, "[none]"))
		rights->lockdown = SKEP_LOCKDOWN_NONE;
	else if (strstr(text, "[integrity]"))
		rights->lockdown = SKEP_LOCKDOWN_INTEGRITY;
	else if (strstr(text, "[confidentiality]"))
		rights->lockdown = SKEP_LOCKDOWN_CONFIDENTIALITY;
}

/* Since 5.11 memory is the memory cgroup's; before, the kernel had a struct to count it. */
static bool memory_is_limited(void)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);

	return btf && skep_btf_find(btf, "bpf_map_memory", BTF_KIND_STRUCT);
}

static uint64_t memlock_limit(const struct skep_rights *rights)
{
	struct rlimit limit;

	if (rights->caps & (1ull << CAP_SYS_RESOURCE) || getrlimit(RLIMIT_MEMLOCK, &limit) ||
	    limit.rlim_max == RLIM_INFINITY || !memory_is_limited())
		return 0;
	return limit.rlim_max ? limit.rlim_max : 1;
}

static void read_modules(struct skep_rights *rights)
{
	int len = skep_file_read("/sys/kernel/security/lsm", rights->modules,
				 sizeof(rights->modules));

	if (len < 0)
		len = 0;
	rights->modules[len] = '\0';
	rights->modules[strcspn(rights->modules, "\n")] = '\0';
}

/* The first namespace maps all users to themselves. Without scanf, which is 90 KiB of libc. */
static bool in_user_namespace(void)
{
	unsigned long map[3];
	char text[256], *at = text;

	if (skep_file_read("/proc/self/uid_map", text, sizeof(text)) < 0)
		return false;
	for (int i = 0; i < 3; i++) {
		char *end;

		map[i] = strtoul(at, &end, 10);
		if (end == at)
			return true; /* nobody is mapped yet, as only in a new one */
		at = end;
	}
	return map[0] || map[1] || map[2] != 4294967295u;
}

static bool has(const struct skep_rights *rights, unsigned int cap)
{
	if (rights->caps & (1ull << cap))
		return true;
	return (cap == CAP_BPF || cap == CAP_PERFMON) && rights->caps & (1ull << CAP_SYS_ADMIN);
}

/*
 * To a privileged caller, bpf(2) itself answers EINVAL for a command that no kernel has; a filter
 * that does not let bpf(2) through answers with something else.
 */
static bool bpf_is_filtered(void)
{
	char attr[8] = { 0 };

	return syscall(__NR_bpf, 0x7fff, attr, sizeof(attr)) < 0 && errno != EINVAL;
}

void skep_rights_read(struct skep_rights *rights)
{
	char text[8192];

	*rights = (struct skep_rights){ .unprivileged_bpf_off = -1 };
	if (skep_file_read("/proc/self/status", text, sizeof(text)) > 0)
		skep_rights_parse_status(rights, text);
	if (skep_file_read("/proc/sys/kernel/unprivileged_bpf_disabled", text, sizeof(text)) > 0)
		rights->unprivileged_bpf_off = atoi(text);
	if (skep_file_read("/sys/kernel/security/lockdown", text, sizeof(text)) > 0)
		skep_rights_parse_lockdown(rights, text);
	rights->in_user_namespace = in_user_namespace();
	rights->memlock = memlock_limit(rights);
	read_modules(rights);
	rights->bpf_filtered = rights->seccomp && has(rights, CAP_BPF) && bpf_is_filtered();
}

/* "CAP_BPF and CAP_PERFMON", what of @needs is missing; false when all is there. */
static bool missing_caps(const struct skep_rights *rights, unsigned int needs, char *out,
			 size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++) {
		if (!(needs & capabilities[i].right) || has(rights, capabilities[i].cap))
			continue;
		len += (size_t)snprintf(out + len, size - len, "%s%s", len ? " and " : "",
					capabilities[i].name);
	}
	return len > 0;
}

bool skep_rights_are_missing(const struct skep_rights *rights, unsigned int needs)
{
	char missing[128];

	return rights->bpf_filtered || rights->in_user_namespace ||
	       missing_caps(rights, needs, missing, sizeof(missing));
}

static int describe_missing(const struct skep_rights *rights, struct skep_error *err,
			    enum skep_stage stage, int code, const char *doing, const char *missing)
{
	skep_error_set(err, stage, code, "%s: this process lacks %s", doing, missing);
	if (rights->unprivileged_bpf_off > 0 && !rights->caps)
		skep_error_add_hint(err,
				    "run as root, or with these capabilities; without them "
				    "kernel.unprivileged_bpf_disabled=%d forbids bpf(2)",
				    rights->unprivileged_bpf_off);
	else
		skep_error_add_hint(err, "run as root, or give the program these capabilities "
					 "(setcap, or the container's configuration)");
	return -abs(code);
}

/* The levels are those of include/linux/security.h: integrity forbids no BPF but writing. */
static const char lockdown_hint[] = "lockdown comes from Secure Boot or the lockdown= boot "
				    "parameter; confidentiality forbids reading kernel memory";

static int describe_refusal(const struct skep_rights *rights, struct skep_error *err,
			    enum skep_stage stage, int code, unsigned int needs, const char *doing)
{
	if (rights->memlock) {
		skep_error_set(
			err, stage, code,
			"%s: memory of programs and maps counts against RLIMIT_MEMLOCK here, "
			"which is %llu bytes, and this process may not raise it",
			doing, (unsigned long long)rights->memlock);
		skep_error_add_hint(err,
				    "run it with \"ulimit -l unlimited\", or CAP_SYS_RESOURCE");
	} else if (rights->lockdown == SKEP_LOCKDOWN_CONFIDENTIALITY) {
		skep_error_set(err, stage, code, "%s: the kernel is locked down (confidentiality)",
			       doing);
		skep_error_add_hint(err, "%s", lockdown_hint);
	} else if (needs & SKEP_RIGHT_TRAMPOLINE) {
		skep_error_set(err, stage, code,
			       "%s: the capabilities are there, but this kernel refuses programs "
			       "that need a BPF trampoline (fentry, fexit, fmod_ret, lsm, "
			       "struct_ops, freplace)",
			       doing);
		skep_error_add_hint(err, "use a tracepoint, raw_tp or tp_btf instead, or a kernel "
					 "that allows trampolines");
	} else {
		skep_error_set(
			err, stage, code,
			"%s: the capabilities are there, but the kernel's configuration%s or "
			"a security module%s%s%s refuses it",
			doing, rights->seccomp ? ", this process's seccomp filter," : "",
			*rights->modules ? " (" : "", rights->modules, *rights->modules ? ")" : "");
	}
	return -abs(code);
}

int skep_rights_describe(const struct skep_rights *rights, struct skep_error *err,
			 enum skep_stage stage, int code, unsigned int needs, const char *doing)
{
	char missing[128];

	if (rights->bpf_filtered) {
		skep_error_set(err, stage, code, "%s: a seccomp filter forbids bpf(2)", doing);
		skep_error_add_hint(err, "containers and service managers set such filters: allow "
					 "the system call bpf there");
		return -abs(code);
	}
	if (missing_caps(rights, needs, missing, sizeof(missing)))
		return describe_missing(rights, err, stage, code, doing, missing);
	if (rights->in_user_namespace) {
		skep_error_set(err, stage, code,
			       "%s: this is a user namespace, whose capabilities do not count",
			       doing);
		skep_error_add_hint(err, "run it outside, as root of the machine, or have a BPF "
					 "token from there (6.9)");
		return -abs(code);
	}
	return describe_refusal(rights, err, stage, code, needs, doing);
}

bool skep_rights_lack_jit(unsigned int needs)
{
	return needs & SKEP_RIGHT_TRAMPOLINE && !access("/proc/sys/net/core", F_OK) &&
	       access("/proc/sys/net/core/bpf_jit_enable", F_OK);
}

int skep_rights_no_jit(struct skep_error *err, enum skep_stage stage, int code, const char *doing)
{
	skep_error_set(err, stage, code,
		       "%s: that needs a BPF trampoline, and this kernel has no compiler for BPF "
		       "(JIT) to make one",
		       doing);
	skep_error_add_hint(err, "use a tracepoint, raw_tp, tp_btf or a kprobe instead");
	return -abs(code);
}

int skep_rights_explain(struct skep_error *err, enum skep_stage stage, int code, unsigned int needs,
			const char *doing)
{
	struct skep_rights rights;

	if (!err)
		return -abs(code);
	skep_rights_read(&rights);
	return skep_rights_describe(&rights, err, stage, code, needs, doing);
}
