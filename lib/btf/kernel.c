// SPDX-License-Identifier: MIT
/* The running kernel's BTF, opened once. */
#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/error.h"
#include "btf/btf.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct skep_btf *kernel_btf;
static struct skep_error kernel_error;

/* Where kernels without sysfs BTF (before 5.4, or not mounted) have it; %s is the release. */
static const char *const places[] = {
	"/sys/kernel/btf/vmlinux",
	"/boot/vmlinux-%s",
	"/lib/modules/%s/vmlinux-%s",
	"/lib/modules/%s/build/vmlinux",
	"/usr/lib/modules/%s/kernel/vmlinux",
	"/usr/lib/debug/boot/vmlinux-%s",
	"/usr/lib/debug/boot/vmlinux-%s.debug",
	"/usr/lib/debug/lib/modules/%s/vmlinux",
};

static void open_kernel(void)
{
	struct skep_btf_opts opts = { .size = sizeof(opts), .name = "vmlinux" };
	struct utsname uts;

	uname(&uts);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char path[256];

		snprintf(path, sizeof(path), places[i], uts.release, uts.release);
		if (access(path, R_OK))
			continue;
		kernel_btf = skep_btf_open(path, &opts, &kernel_error);
		if (kernel_btf)
			return;
	}
	if (kernel_error.code)
		return;
	skep_error_set(&kernel_error, SKEP_STAGE_RESOLVE, ENOENT,
		       "the running kernel has no BTF: there is no /sys/kernel/btf/vmlinux");
	skep_error_add_hint(
		&kernel_error,
		"boot a kernel built with CONFIG_DEBUG_INFO_BTF=y; programs that read no "
		"kernel structures work without");
}

const struct skep_btf *skep_btf_kernel(struct skep_error *err)
{
	pthread_once(&once, open_kernel);
	if (!kernel_btf && err)
		*err = kernel_error;
	return kernel_btf;
}
