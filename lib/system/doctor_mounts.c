// SPDX-License-Identifier: MIT
/* File systems that programs are pinned in, attached to, and found by. */
#include "system/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/lines.h"

static bool is_mounted(const char *path, long magic)
{
	struct statfs fs;

	return !statfs(path, &fs) && (long)fs.f_type == magic;
}

/*
 * Where a file system of this type is mounted, by the last line of /proc/self/mountinfo that says
 * so: "36 35 98:0 /root /where opts - type source opts".
 */
static bool find_mount(const char *type, char *where, size_t size)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	SKEP_SCOPED(skep_scoped_free) struct skep_lines *lines = fd < 0 ? NULL : skep_lines_new(fd);
	size_t len = strlen(type);
	bool found = false;
	char *line;

	while (lines && skep_lines_next(lines, &line) > 0) {
		const char *dash = strstr(line, " - "), *at = line;

		if (!dash || strncmp(dash + 3, type, len) || dash[3 + len] != ' ')
			continue;
		for (int i = 0; i < 4 && at; i++)
			at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL;
		if (!at || at > dash)
			continue;
		snprintf(where, size, "%.*s", (int)strcspn(at, " "), at);
		found = true;
	}
	return found;
}

static void examine_mount(struct skep_examination *e, const char *name, const char *type,
			  long magic, const char *usual, const char *without)
{
	char where[256], fix[320];

	if (is_mounted(usual, magic)) {
		skep_find(e, name, SKEP_FINDING_GOOD, NULL, "%s is mounted at %s", type, usual);
		return;
	}
	if (find_mount(type, where, sizeof(where))) {
		skep_find(e, name, SKEP_FINDING_GOOD, NULL, "%s is mounted at %s", type, where);
		return;
	}
	if (!access(usual, F_OK))
		snprintf(fix, sizeof(fix), "mount -t %s %s %s", type, type, usual);
	else
		snprintf(fix, sizeof(fix), "mount /sys, or %s anywhere else", type);
	skep_find(e, name, SKEP_FINDING_NOTE, fix, "no file system of the type %s is mounted: %s",
		  type, without);
}

void skep_examine_mounts(struct skep_examination *e)
{
	e->area = "mounts";
	examine_mount(e, "bpffs", "bpf", BPF_FS_MAGIC, "/sys/fs/bpf",
		      "maps, programs and links cannot be pinned");
	examine_mount(e, "tracefs", "tracefs", TRACEFS_MAGIC, "/sys/kernel/tracing",
		      "tracepoints are found only by who may mount it (skep does), and what "
		      "bpf_printk() writes is not to be read");
	examine_mount(e, "cgroup2", "cgroup2", CGROUP2_SUPER_MAGIC, "/sys/fs/cgroup",
		      "programs cannot be attached to cgroups");
}
