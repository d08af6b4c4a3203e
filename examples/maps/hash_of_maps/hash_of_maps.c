// SPDX-License-Identifier: MIT
/* The user side of hash_of_maps.bpf.c: it makes a map for itself and one for its child. */
#include "../../example.h"
#include "hash_of_maps.skel.h"
#include <sys/wait.h>

/* Lets this process be watched. A map may be of another size than the source says. */
static int watch_me(struct hash_of_maps_bpf *skel, struct skep_error *err)
{
	const struct skep_map_opts opts = { .size = sizeof(opts),
					    .name = "calls",
					    .type = BPF_MAP_TYPE_HASH,
					    .key_size = 8,
					    .value_size = 8,
					    .max_entries = 64 };
	struct skep_map *calls = skep_map_create(&opts, err);
	int pid = getpid(), fd = skep_map_fd(calls), ret = -1;

	if (calls)
		ret = skep_map_update(skel->maps.processes, &pid, &fd, BPF_NOEXIST, err);
	skep_map_close(calls); /* it lives as long as it is in the other map */
	return ret;
}

static int count(struct hash_of_maps_bpf *skel, int pid, unsigned long long *times,
		 struct skep_error *err)
{
	long long number = SYS_getppid;
	struct skep_map *calls;
	uint32_t id;
	int ret = -1;

	/* A program finds the map there, user space its id. */
	if (skep_map_lookup(skel->maps.processes, &pid, &id, err))
		return -1;
	calls = skep_map_open_id(id, err);
	if (calls)
		ret = skep_map_lookup(calls, &number, times, err);
	skep_map_close(calls);
	return ret;
}

static int watch(struct hash_of_maps_bpf *skel, struct skep_error *err)
{
	unsigned long long mine, childs;
	int child;

	if (watch_me(skel, err))
		return -1;
	child = fork();
	if (!child) {
		if (watch_me(skel, err))
			_exit(1);
		example_getppid(3);
		_exit(0);
	}
	example_getppid(5);
	waitpid(child, NULL, 0);
	if (count(skel, getpid(), &mine, err) || count(skel, child, &childs, err))
		return -1;
	printf("%llu calls of getppid here, %llu in the child\n", mine, childs);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct hash_of_maps_bpf *skel = hash_of_maps_bpf_open(NULL, &err);
	int ret = skel ? hash_of_maps_bpf_load(skel, NULL, &err) : -1;

	if (!ret)
		ret = hash_of_maps_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	hash_of_maps_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
