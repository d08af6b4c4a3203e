// SPDX-License-Identifier: MIT
/*
 * Makes N calls of a system call that no kernel has, which only the fixtures of these tests listen
 * to: emitter N [milliseconds to sleep afterwards] [exit code].
 */
#include <stdlib.h>
#include <unistd.h>

#include "cli/emitter.h"

int main(int argc, char **argv)
{
	long n = argc > 1 ? atol(argv[1]) : 1;

	for (long i = 0; i < n; i++)
		syscall(EMITTER_SYSCALL, i);
	if (argc > 2)
		usleep((useconds_t)atol(argv[2]) * 1000);
	return argc > 3 ? atoi(argv[3]) : 0;
}
