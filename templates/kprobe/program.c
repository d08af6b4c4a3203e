// SPDX-License-Identifier: MIT
#include <skep/ring.h>

#include "PROJECT.skel.h"

static int print(void *ctx, const struct skep_record *record)
{
	const PROJECT_bpf_events_record *e = record->data;

	(void)ctx;
	printf("%-8u %-16s %u.%u.%u.%u:%u\n", e->pid, e->comm, e->address[0], e->address[1],
	       e->address[2], e->address[3], e->port);
	return 0;
}

static int watch(struct PROJECT_bpf *skel, struct skep_error *err)
{
	struct skep_ring *ring = skep_ring_open(skel->object, skel->maps.events, NULL, err);
	struct skep_loop *loop = skep_loop_new(err);
	int ret = -1;

	if (ring && loop && !skep_loop_add_ring(loop, ring, print, NULL, err) &&
	    PROJECT_bpf_attach(skel, err) >= 0)
		ret = skep_loop_run(loop, -1, err);
	skep_loop_free(loop);
	skep_ring_close(ring);
	return ret;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct PROJECT_bpf *skel = PROJECT_bpf_open(NULL, &err);

	setlinebuf(stdout);
	if (!skel || PROJECT_bpf_load(skel, NULL, &err) || watch(skel, &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
