// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "PROJECT.skel.h"

static int print(struct PROJECT_bpf *skel, struct skep_error *err)
{
	char text[4096];
	ssize_t n;
	int fd;

	if (PROJECT_bpf_load(skel, NULL, err) || PROJECT_bpf_attach(skel, err) < 0)
		return -1;
	fd = skep_link_iter_open(skel->links.list, err);
	if (fd < 0)
		return -1;
	while ((n = read(fd, text, sizeof(text))) > 0)
		fwrite(text, 1, (size_t)n, stdout);
	return close(fd);
}

int main(void)
{
	struct skep_error err = { 0 };
	struct PROJECT_bpf *skel = PROJECT_bpf_open(NULL, &err);

	if (!skel || print(skel, &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
