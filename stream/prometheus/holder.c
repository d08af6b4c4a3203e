// SPDX-License-Identifier: MIT
/* Which process listens at a port: the socket's inode is in /proc/net, and among its files. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stream/prometheus/prometheus.h"

#define LISTENS "0A"

/* 0: none, or it cannot be told. */
static unsigned long listening_inode(const char *table, uint16_t port)
{
	FILE *in = fopen(table, "re");
	unsigned long inode = 0;
	char line[512];

	/* sl local rem st tx:rx tr:when retransmits uid timeout inode: proc(5) */
	while (in && !inode && fgets(line, sizeof(line), in)) {
		unsigned int local;
		unsigned long found;
		char state[4];

		if (sscanf(line, " %*[^:]: %*[^:]:%x %*s %3s %*s %*s %*s %*s %*s %lu", &local,
			   state, &found) == 3 &&
		    local == port && !strcmp(state, LISTENS))
			inode = found;
	}
	if (in)
		fclose(in);
	return inode;
}

static bool has_file(int proc, const char *pid, const char *wanted)
{
	char path[300], link[64];
	const struct dirent *entry;
	bool found = false;
	ssize_t len;
	DIR *dir;
	int fd;

	snprintf(path, sizeof(path), "%s/fd", pid);
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		len = readlinkat(fd, entry->d_name, link, sizeof(link) - 1);
		link[len > 0 ? len : 0] = '\0';
		found = !strcmp(link, wanted);
	}
	closedir(dir);
	return found;
}

static void read_name(int proc, const char *pid, char *name, size_t size)
{
	char path[300];
	ssize_t len = -1;
	int fd;

	snprintf(path, sizeof(path), "%s/comm", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, name, size - 1);
		close(fd);
	}
	name[len > 0 ? len : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
}

void skep_prometheus_name_holder(uint16_t port, char *text, size_t size)
{
	unsigned long inode = listening_inode("/proc/net/tcp", port);
	const struct dirent *entry;
	char wanted[64], name[32];
	DIR *proc;

	text[0] = '\0';
	if (!inode)
		inode = listening_inode("/proc/net/tcp6", port);
	proc = inode ? opendir("/proc") : NULL;
	if (!proc)
		return;
	snprintf(wanted, sizeof(wanted), "socket:[%lu]", inode);
	while ((entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !has_file(dirfd(proc), entry->d_name, wanted))
			continue;
		read_name(dirfd(proc), entry->d_name, name, sizeof(name));
		snprintf(text, size, " by '%s' (pid %.10s)", name, entry->d_name);
		break;
	}
	closedir(proc);
}
