// SPDX-License-Identifier: MIT
#include "kernel/pmu.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/file.h"

#define FOLDER "/sys/bus/event_source/devices"

static int read_number(const char *path, const char *before, int max)
{
	size_t len = strlen(before);
	char text[64], *end;
	unsigned long value;
	int ret = skep_file_read(path, text, sizeof(text));

	if (ret < 0)
		return ret;
	if (strncmp(text, before, len))
		return -EINVAL;
	value = strtoul(text + len, &end, 10);
	return end == text + len || value > (unsigned long)max ? -EINVAL : (int)value;
}

int skep_pmu_type(const char *name)
{
	char path[256];

	if (strchr(name, '/') ||
	    snprintf(path, sizeof(path), FOLDER "/%s/type", name) >= (int)sizeof(path))
		return -ENOENT;
	return read_number(path, "", INT_MAX);
}

int skep_pmu_config_bit(const char *name, const char *field)
{
	char path[256];

	if (snprintf(path, sizeof(path), FOLDER "/%s/format/%s", name, field) >= (int)sizeof(path))
		return -ENOENT;
	return read_number(path, "config:", 63);
}
