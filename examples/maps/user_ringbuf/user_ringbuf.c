// SPDX-License-Identifier: MIT
/* The user side of user_ringbuf.bpf.c: tells the running program what to count. */
#include "../../example.h"
#include "user_ringbuf.skel.h"
#include <skep/user_ring.h>

/* Without a system call: the program finds it when it runs next. */
static int order(struct skep_user_ring *ring, long long number, struct skep_error *err)
{
	long long *record = skep_user_ring_reserve(ring, sizeof(*record), err);

	if (!record)
		return -1;
	*record = number;
	return skep_user_ring_submit(ring, record);
}

static void call(void)
{
	example_getppid(5);
	for (int i = 0; i < 3; i++)
		syscall(SYS_getuid);
}

static int watch(struct user_ringbuf_bpf *skel, struct skep_error *err)
{
	struct skep_user_ring *ring = skep_user_ring_open(skel->maps.orders, err);
	unsigned long long before;
	int ret;

	if (!ring)
		return -1;
	ret = order(ring, SYS_getppid, err);
	call();
	before = skel->bss->calls;
	if (!ret)
		ret = order(ring, SYS_getuid, err);
	call();
	if (!ret)
		printf("%llu calls of getppid, then %llu of getuid\n", before,
		       skel->bss->calls - before);
	skep_user_ring_close(ring);
	return ret;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct user_ringbuf_bpf *skel = user_ringbuf_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = user_ringbuf_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = user_ringbuf_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	user_ringbuf_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
