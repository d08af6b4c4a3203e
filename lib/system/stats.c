// SPDX-License-Identifier: MIT
/* How long and how often programs run: counting is switched on for as long as somebody reads. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/file.h"
#include "kernel/rights.h"
#include "system/system.h"

static const char sysctl_path[] = "/proc/sys/kernel/bpf_stats_enabled";

struct skep_stats {
	int fd;	       /* counts while it is open; -1: by the sysctl */
	bool restores; /* the sysctl was off */
};

static int set_sysctl(char value)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open(sysctl_path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return write(fd, &value, 1) == 1 ? 0 : -errno;
}

static int enable_by_sysctl(struct skep_stats *stats)
{
	char text[16];
	int ret = skep_file_read(sysctl_path, text, sizeof(text));

	if (ret < 0)
		return ret == -ENOENT ? -ENOTSUP : ret;
	if (text[0] != '0')
		return 0;
	ret = set_sysctl('1');
	stats->restores = !ret;
	return ret;
}

static int enable(struct skep_stats *stats)
{
	stats->fd = skep_bpf_enable_stats(BPF_STATS_RUN_TIME);
	if (stats->fd >= 0)
		return 0;
	return stats->fd == -EINVAL ? enable_by_sysctl(stats) : stats->fd;
}

struct skep_stats *skep_stats_enable(struct skep_error *err)
{
	struct skep_stats *stats = calloc(1, sizeof(*stats));
	int ret;

	if (!stats) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	ret = enable(stats);
	if (!ret)
		return stats;
	free(stats);
	if (ret == -EPERM || ret == -EACCES)
		skep_rights_explain(err, SKEP_STAGE_READ, ret, SKEP_RIGHT_SYS_ADMIN,
				    "the kernel does not count runs for it");
	else if (ret == -ENOTSUP)
		skep_error_set(err, SKEP_STAGE_READ, ret,
			       "this kernel does not count how often programs run");
	else
		skep_error_set_errno(err, SKEP_STAGE_READ, ret, "the kernel does not count runs");
	return NULL;
}

void skep_stats_disable(struct skep_stats *stats)
{
	if (!stats)
		return;
	if (stats->fd >= 0)
		close(stats->fd);
	if (stats->restores)
		set_sysctl('0');
	free(stats);
}

int skep_stats_read(int fd, struct skep_stats_reading *reading, struct skep_error *err)
{
	struct bpf_prog_info info = { 0 };
	struct skep_stats_reading full;
	int ret;

	if (!reading || reading->size < sizeof(reading->size))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "statistics are read into a struct whose size is set");
	ret = skep_system_info(fd, SKEP_SYSTEM_PROGRAMS, &info, sizeof(info), err);
	if (ret)
		return ret;
	full = (struct skep_stats_reading){ .size = reading->size < sizeof(full) ? reading->size :
										   sizeof(full),
					    .run_time_ns = info.run_time_ns,
					    .run_cnt = info.run_cnt,
					    .recursion_misses = info.recursion_misses };
	memcpy(reading, &full, full.size);
	return 0;
}
