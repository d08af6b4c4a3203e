// SPDX-License-Identifier: MIT
/* The user side of kprobe.bpf.c. */
#include "../../example.h"
#include "kprobe.skel.h"
#include <fcntl.h>

static int watch(struct kprobe_bpf *skel, struct skep_error *err)
{
	(void)err;
	close(open("/dev/null", O_RDONLY));
	open("/nowhere", O_RDONLY);
	printf("%llu opens\n", skel->bss->opens);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct kprobe_bpf *skel = kprobe_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = kprobe_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = kprobe_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	kprobe_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
