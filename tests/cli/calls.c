// SPDX-License-Identifier: MIT
/*
 * A program without a C library, which makes exactly these system calls: getppid (the count comes
 * as a decimal in argv[1]), openat, close, and exit_group with 7. Together with its execve it makes
 * count + 4.
 */
#include <asm/unistd.h>

static long call(long nr, long a, long b, long c)
{
#if defined(__x86_64__)
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return ret;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
#endif
}

__attribute__((used, noreturn)) void begin(long *stack);

__attribute__((used, noreturn)) void begin(long *stack)
{
	const char *word = stack[0] > 1 ? (const char *)stack[2] : "0";
	long n = 0;

	while (*word)
		n = n * 10 + *word++ - '0';
	while (n--)
		call(__NR_getppid, 0, 0, 0);
	call(__NR_close, call(__NR_openat, -100, (long)"/dev/null", 0), 0, 0);
	for (;;)
		call(__NR_exit_group, 7, 0, 0);
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call begin\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start: mov x0, sp\n bl begin\n");
#endif
