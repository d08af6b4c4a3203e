// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <skep/ring.h>

#include "check.h"

#define FILE_NAME "/nowhere/to/be/found"

static int find(void *ctx, const struct skep_record *record)
{
	const PROJECT_bpf_events_record *e = record->data;

	if (!strcmp(e->file, FILE_NAME) && e->pid == (__u32)getpid())
		++*(int *)ctx;
	return 0;
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	struct skep_ring *ring;
	int found = 0;

	skel->rodata->only_pid = getpid();
	if (PROJECT_bpf_load(skel, NULL, err) || PROJECT_bpf_attach(skel, err) < 0)
		return;
	ring = skep_ring_open(skel->object, skel->maps.events, NULL, err);
	CHECK(open(FILE_NAME, O_RDONLY) < 0);
	PROJECT_bpf_detach(skel);
	CHECK(open(FILE_NAME, O_RDONLY) < 0);
	if (ring)
		skep_ring_drain(ring, find, &found);
	CHECK(found == 1);
	skep_ring_close(ring);
}
