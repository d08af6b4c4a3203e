// SPDX-License-Identifier: MIT
/* The user side of raw_tracepoint_writable.bpf.c. */
#include "../../example.h"
#include "raw_tracepoint_writable.skel.h"

/* What running the other program by hand gives. */
static const char *run(struct raw_tracepoint_writable_bpf *skel, int result)
{
	char packet[64] = { 0 };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };

	skel->bss->result = -result;
	return skep_errno_name(-skep_program_test_run(skel->programs.whole, &run, NULL));
}

static int watch(struct raw_tracepoint_writable_bpf *skel, struct skep_error *err)
{
	(void)err;
	printf("%s, ", run(skel, ECANCELED));
	printf("%s\n", run(skel, ENOMEM));
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct raw_tracepoint_writable_bpf *skel = raw_tracepoint_writable_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = raw_tracepoint_writable_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = raw_tracepoint_writable_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	raw_tracepoint_writable_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
