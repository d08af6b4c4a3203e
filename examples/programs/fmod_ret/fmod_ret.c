// SPDX-License-Identifier: MIT
/* The user side of fmod_ret.bpf.c. */
#include "../../example.h"
#include "fmod_ret.skel.h"
#include <fcntl.h>

static const char *open_null(int how)
{
	int fd = open("/dev/null", how | O_CLOEXEC);

	if (fd < 0)
		return "no";
	close(fd);
	return "yes";
}

static int watch(struct fmod_ret_bpf *skel, struct skep_error *err)
{
	(void)err;
	printf("to read: %s, ", open_null(O_RDONLY));
	printf("to write: %s, ", open_null(O_WRONLY));
	printf("%llu refused\n", skel->bss->refused);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct fmod_ret_bpf *skel = fmod_ret_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = fmod_ret_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = fmod_ret_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	fmod_ret_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
