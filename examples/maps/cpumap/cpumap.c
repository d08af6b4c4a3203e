// SPDX-License-Identifier: MIT
/* The user side of cpumap.bpf.c. */
#include "../../tap.h"
#include "cpumap.skel.h"
#include <skep/net.h>
#include <sys/sysinfo.h>

enum { FRAMES = 20, MOST_CPUS = 8 };

static int add_cpus(struct cpumap_bpf *skel, struct skep_error *err)
{
	cpumap_bpf_cpus_value value = { .qsize = 64 };
	int ret = 0;

	value.bpf_prog.fd = skep_program_fd(skel->programs.arrive);
	for (unsigned int cpu = 0; !ret && cpu < skel->rodata->n_cpus; cpu++)
		ret = cpumap_bpf_cpus_update(skel, &cpu, &value, 0, err);
	return ret;
}

static int watch(struct cpumap_bpf *skel, int tap, struct skep_error *err)
{
	struct example_frame frame = { .eth.h_proto = htons(EXAMPLE_TYPE) };
	volatile unsigned long long *frames = &skel->bss->frames;
	struct skep_link *link;

	if (add_cpus(skel, err))
		return -1;
	link = skep_program_attach_xdp(skel->programs.spread, "tap", NULL, err);
	if (!link)
		return -1;
	for (frame.data[0] = 0; frame.data[0] < FRAMES; frame.data[0]++)
		if (write(tap, &frame, sizeof(frame)) < 0)
			perror("write");
	/* The other CPUs take their time. */
	for (int i = 0; i < 100 && *frames < FRAMES; i++)
		usleep(10000);
	printf("%llu frames, %llu of them on the CPU of their flow\n", *frames, skel->bss->at_home);
	skep_link_close(link);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct cpumap_bpf *skel;
	int ret = -1, tap = -1, n_cpus = get_nprocs();

	if (example_network())
		return 3;
	skel = cpumap_bpf_open(NULL, &err);
	if (skel) {
		skel->rodata->n_cpus = n_cpus < MOST_CPUS ? (unsigned int)n_cpus : MOST_CPUS;
		ret = cpumap_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = (tap = example_tap("tap", &err)) < 0 ? -1 : watch(skel, tap, &err);
	cpumap_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
