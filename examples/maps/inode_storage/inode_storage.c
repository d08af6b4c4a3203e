// SPDX-License-Identifier: MIT
/* The user side of inode_storage.bpf.c. */
#include "../../example.h"
#include "inode_storage.skel.h"
#include <fcntl.h>
#include <stdlib.h>

static void open_by(const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		perror(name);
	close(fd);
}

/* One file with two names. */
static int watch(struct inode_storage_bpf *skel, struct skep_error *err)
{
	char name[] = "/tmp/example-XXXXXX", other[sizeof(name) + 8];
	inode_storage_bpf_opened_value times = 0;
	int fd = mkstemp(name), ret;

	snprintf(other, sizeof(other), "%s-other", name);
	if (fd < 0 || link(name, other))
		return example_errno("there is no place for a file", err);
	open_by(name);
	open_by(other);
	ret = inode_storage_bpf_opened_lookup(skel, &fd, &times, err);
	if (!ret)
		printf("a file with two names was opened %llu times\n", times);
	unlink(other);
	unlink(name);
	close(fd);
	return ret;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct inode_storage_bpf *skel = inode_storage_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = inode_storage_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = inode_storage_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	inode_storage_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
