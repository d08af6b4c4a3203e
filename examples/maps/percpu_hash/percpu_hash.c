// SPDX-License-Identifier: MIT
/* The user side of percpu_hash.bpf.c: a key's values, one for each CPU. */
#include "../../example.h"
#include "../../cpu.h"
#include "percpu_hash.skel.h"
#include <stdlib.h>

static int show(struct percpu_hash_bpf *skel, struct skep_error *err)
{
	percpu_hash_bpf_calls_key number = SYS_getppid;
	size_t n = skep_map_n_values(skel->maps.calls);
	percpu_hash_bpf_calls_cell *cells = calloc(n, sizeof(*cells));
	int ret = percpu_hash_bpf_calls_lookup(skel, &number, cells, n, err);

	for (size_t cpu = 0; cpu < n && !ret; cpu++)
		if (cells[cpu].value)
			printf("CPU %zu: %llu calls of getppid\n", cpu, cells[cpu].value);
	free(cells);
	return ret;
}

static int watch(struct percpu_hash_bpf *skel, struct skep_error *err)
{
	for (int i = 0; example_move_to_cpu(i); i++)
		example_getppid(3);
	return show(skel, err);
}

int main(void)
{
	struct skep_error err = { 0 };
	struct percpu_hash_bpf *skel = percpu_hash_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = percpu_hash_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = percpu_hash_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	percpu_hash_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
