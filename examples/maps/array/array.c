// SPDX-License-Identifier: MIT
/* The user side of array.bpf.c: the array is memory of both. */
#include "../../example.h"
#include "array.skel.h"
#include <fcntl.h>

static int watch(struct array_bpf *skel, struct skep_error *err)
{
	static const size_t sizes[] = { 100, 2, 3, 127, 2 };
	const unsigned long long *writes = skep_map_memory(skel->maps.writes, NULL, NULL, err);
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	char text[128] = "";

	if (!writes)
		return -1;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (write(null, text, sizes[i]) < 0)
			perror("/dev/null");
	close(null);
	array_bpf_detach(skel);
	for (int i = 0; i < 64; i++)
		if (writes[i])
			printf("%llu writes of %llu to %llu bytes\n", writes[i], 1ull << i,
			       (2ull << i) - 1);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct array_bpf *skel = array_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		skel->rodata->number = SYS_write;
		ret = array_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = array_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	array_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
