// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

/* The lines that are about this process. */
static int count_own(int fd)
{
	FILE *list = fdopen(fd, "r");
	int parent, process, thread, found = 0;
	char line[256], command[32];

	while (fgets(line, sizeof(line), list))
		if (sscanf(line, "%d %d %d %31s", &parent, &process, &thread, command) == 4 &&
		    process == getpid() && thread == getpid() && parent == getppid())
			found++;
	fclose(list);
	return found;
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	int fd;

	if (PROJECT_bpf_load(skel, NULL, err) || PROJECT_bpf_attach(skel, err) < 0)
		return;
	fd = skep_link_iter_open(skel->links.list, err);
	if (fd >= 0)
		CHECK(count_own(fd) == 1);
}
