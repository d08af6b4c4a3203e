// SPDX-License-Identifier: MIT
#include "kernel/fdinfo.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/file.h"

/* The number behind "NAME:\t" at the start of a line; 0 when there is none. */
static uint64_t number_of(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, len) && line[len] == ':')
			return strtoull(line + len + 1, NULL, 0);
	}
	return 0;
}

void skep_fdinfo_parse(struct skep_fdinfo *out, const char *text)
{
	*out = (struct skep_fdinfo){
		.memlock = number_of(text, "memlock"),
		.frozen = number_of(text, "frozen"),
		.owner_prog_type = (uint32_t)number_of(text, "owner_prog_type"),
		.owner_jited = number_of(text, "owner_jited"),
	};
}

int skep_fdinfo_read(int fd, struct skep_fdinfo *out)
{
	char path[40], text[2048];
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	*out = (struct skep_fdinfo){ 0 };
	ret = skep_file_read_once_at(AT_FDCWD, path, text, sizeof(text));
	if (ret < 0)
		return ret;
	skep_fdinfo_parse(out, text);
	return 0;
}
