// SPDX-License-Identifier: MIT
/* The kernel: its version, types, options and security modules. */
#include "system/doctor.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <skep/btf.h>

#include "base/cleanup.h"
#include "kernel/file.h"
#include "kernel/kconfig.h"
#include "kernel/lsm.h"

#define BTF_PATH "/sys/kernel/btf"

static int count_modules(void)
{
	DIR *dir = opendir(BTF_PATH);
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n > 3 ? n - 3 : 0;
}

static void examine_btf(struct skep_examination *e)
{
	struct skep_error err = { 0 };

	if (skep_btf_kernel(&err))
		skep_find(e, "btf", SKEP_FINDING_GOOD, NULL,
			  "the kernel describes its types (BTF), and those of %d modules",
			  count_modules());
	else if (access("/sys/kernel", F_OK))
		skep_find(e, "btf", SKEP_FINDING_UNKNOWN, "mount -t sysfs sysfs /sys",
			  "/sys is not there, so that the kernel's types cannot be read");
	else
		skep_find(
			e, "btf", SKEP_FINDING_MISSING,
			"use a kernel with CONFIG_DEBUG_INFO_BTF=y; distributions' kernels have it",
			"the kernel's types (BTF) cannot be read, which fentry, LSM, iterators and "
			"relocated programs need: %s",
			err.cause);
}

void skep_examine_kernel(struct skep_examination *e)
{
	struct utsname name = { 0 };

	e->area = "kernel";
	uname(&name);
	skep_find(e, "version", SKEP_FINDING_GOOD, NULL, "Linux %s on %s", name.release,
		  name.machine);
	examine_btf(e);
}

/* An option, and what is not possible without it. */
struct option {
	const char *name, *without;
	bool is_vital;
};

static const struct option options[] = {
	{ "CONFIG_BPF_SYSCALL", "there is no eBPF at all", true },
	{ "CONFIG_DEBUG_INFO_BTF", "the kernel does not describe its types", true },
	{ "CONFIG_BPF_JIT", "programs are interpreted, and none can use trampolines", false },
	{ "CONFIG_BPF_EVENTS", "no program runs at kprobes, uprobes, tracepoints", false },
	{ "CONFIG_KPROBES", "there are no kprobes", false },
	{ "CONFIG_UPROBES", "there are no uprobes and no static probes", false },
	{ "CONFIG_FTRACE_SYSCALLS", "system calls have no tracepoints of their own", false },
	{ "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS", "there is no fentry and no fexit", false },
	{ "CONFIG_FPROBE", "there are no kprobes on many functions at once", false },
	{ "CONFIG_BPF_LSM", "programs cannot be security modules", false },
	{ "CONFIG_CGROUP_BPF", "programs cannot be attached to cgroups", false },
	{ "CONFIG_NET_CLS_BPF", "tc filters cannot be programs", false },
	{ "CONFIG_NET_CLS_ACT", "there are no hooks of tc and tcx", false },
	{ "CONFIG_XDP_SOCKETS", "packets cannot be redirected to AF_XDP sockets", false },
	{ "CONFIG_BPF_STREAM_PARSER", "sockmaps have no parsers and verdicts", false },
	{ "CONFIG_LWTUNNEL_BPF", "routes cannot run programs", false },
	{ "CONFIG_NETFILTER_BPF_LINK", "netfilter hooks cannot be programs", false },
	{ "CONFIG_FUNCTION_ERROR_INJECTION", "bpf_override_return() changes nothing", false },
	{ "CONFIG_SCHED_CLASS_EXT", "programs cannot schedule tasks", false },
};

#define N_OPTIONS (sizeof(options) / sizeof(options[0]))

static void tell_options(struct skep_examination *e, const bool *has)
{
	size_t n = 0;

	for (size_t i = 0; i < N_OPTIONS; i++) {
		n += has[i];
		if (!has[i])
			skep_find(e, options[i].name,
				  options[i].is_vital ? SKEP_FINDING_MISSING : SKEP_FINDING_NOTE,
				  "it takes a kernel that is built with it", "not set: %s",
				  options[i].without);
	}
	skep_find(e, "config", SKEP_FINDING_GOOD, NULL,
		  "%zu of %zu options that concern eBPF are set", n, N_OPTIONS);
}

void skep_examine_config(struct skep_examination *e)
{
	SKEP_SCOPED(skep_scoped_free) char *text = NULL;
	struct skep_kconfig_line line;
	struct skep_error err = { 0 };
	bool has[N_OPTIONS] = { false };
	const char *at;
	int ret;

	if (skep_kconfig_read(&text, &err) < 0) {
		skep_find(e, "config", SKEP_FINDING_UNKNOWN,
			  "modprobe configs, or have /boot/config-RELEASE readable",
			  "the kernel's options cannot be read: %s", err.cause);
		return;
	}
	at = text;
	while ((ret = skep_kconfig_next(&at, &line)))
		for (size_t i = 0; ret > 0 && i < N_OPTIONS; i++)
			has[i] |= line.name_len == strlen(options[i].name) &&
				  !memcmp(line.name, options[i].name, line.name_len) &&
				  line.value_len && strchr("ym", *line.value);
	tell_options(e, has);
}

void skep_examine_modules(struct skep_examination *e)
{
	char list[512], fix[640];

	e->area = "modules";
	if (skep_file_read("/sys/kernel/security/lsm", list, sizeof(list)) <= 0) {
		skep_find(e, "lsm", SKEP_FINDING_UNKNOWN,
			  "mount -t securityfs securityfs /sys/kernel/security",
			  "which security modules are active cannot be read");
		return;
	}
	list[strcspn(list, "\n")] = '\0';
	snprintf(fix, sizeof(fix), "boot with lsm=%s,bpf", list);
	if (skep_lsm_lists_bpf(list))
		skep_find(e, "lsm", SKEP_FINDING_GOOD, NULL,
			  "programs can be security modules; active are %s", list);
	else
		skep_find(e, "lsm", SKEP_FINDING_NOTE, fix,
			  "LSM programs are loaded, but never run: active are %s", list);
}
