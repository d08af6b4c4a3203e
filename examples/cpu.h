/* SPDX-License-Identifier: MIT */
/* What examples of maps with a value for each CPU share: going from CPU to CPU. */
#ifndef SKEP_EXAMPLES_CPU_H
#define SKEP_EXAMPLES_CPU_H

#include <sched.h>
#include <stdbool.h>

/* Moves this process to the @nth CPU, from 0 on, of those that it may use; false: there is none. */
static inline bool example_move_to_cpu(int nth)
{
	static cpu_set_t allowed; /* before the first move */
	cpu_set_t only;

	if (!CPU_COUNT(&allowed) && sched_getaffinity(0, sizeof(allowed), &allowed))
		return false;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &allowed) || nth--)
			continue;
		CPU_ZERO(&only);
		CPU_SET(cpu, &only);
		return !sched_setaffinity(0, sizeof(only), &only);
	}
	return false;
}

#endif
