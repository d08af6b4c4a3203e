// SPDX-License-Identifier: MIT
/*
 * Where kernels keep the registers of user space: offsets in struct pt_regs (s390: user_pt_regs),
 * as in arch/ARCH/include/uapi/asm/ptrace.h and asm/ptrace.h. They are part of what tracing
 * programs see and do not change.
 */
#include "user/usdt.h"

#include <string.h>

#ifndef EM_RISCV
#define EM_RISCV 243
#endif

/* The position of a word in a list of words separated by spaces, or -1. */
static int position(const char *list, const char *name, size_t len)
{
	for (int i = 0; *list; i++) {
		size_t n = strcspn(list, " ");

		if (n == len && !memcmp(list, name, len))
			return i;
		list += n + (list[n] == ' ');
	}
	return -1;
}

/* "r12" after the letter: 12. -1 for what is no number up to @max. */
static int number(const char *text, size_t len, int max)
{
	int n = 0;

	if (!len || len > 2)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = n * 10 + (text[i] - '0');
	}
	return n <= max ? n : -1;
}

/* In the order of the kernel's struct; i386 programs use the lower halves. */
static const char *const x86_names[] = {
	"r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi - rip - - rsp",
	"r15d r14d r13d r12d ebp ebx r11d r10d r9d r8d eax ecx edx esi edi - eip - - esp",
	"r15w r14w r13w r12w bp bx r11w r10w r9w r8w ax cx dx si di - - - - sp",
	"r15b r14b r13b r12b bpl bl r11b r10b r9b r8b al cl dl sil dil - - - - spl",
};

static const char *const i386_names[] = {
	"ebx ecx edx esi edi ebp eax - - - - - eip - - esp",
	"bx cx dx si di bp ax - - - - - - - - sp",
	"bl cl dl - - - al",
};

static bool find_in(const char *const *lists, size_t n, unsigned int word, const char *name,
		    size_t len, uint16_t *offset)
{
	if (len == 1 && *name == '-')
		return false;
	for (size_t i = 0; i < n; i++) {
		int at = position(lists[i], name, len);

		if (at < 0)
			continue;
		*offset = (uint16_t)((unsigned int)at * word);
		return true;
	}
	return false;
}

static bool percent(const char **name, size_t *len)
{
	if (!*len || **name != '%')
		return false;
	++*name;
	--*len;
	return true;
}

static bool find_x86(const char *name, size_t len, uint16_t *offset)
{
	return percent(&name, &len) && find_in(x86_names, 4, 8, name, len, offset);
}

static bool find_i386(const char *name, size_t len, uint16_t *offset)
{
	return percent(&name, &len) && find_in(i386_names, 3, 4, name, len, offset);
}

static bool find_arm64(const char *name, size_t len, uint16_t *offset)
{
	int n = -1;

	if (len && (*name == 'x' || *name == 'w'))
		n = number(name + 1, len - 1, 30);
	else if (len == 2 && !memcmp(name, "sp", 2))
		n = 31;
	*offset = (uint16_t)(8 * n);
	return n >= 0;
}

static int arm_number(const char *name, size_t len)
{
	int n = position("r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15", name, len);

	if (n < 0)
		n = position("- - - - - - - - - - sl fp ip sp lr pc", name, len);
	return len == 1 ? -1 : n;
}

static bool find_arm(const char *name, size_t len, uint16_t *offset)
{
	int n = arm_number(name, len);

	*offset = (uint16_t)(4 * n);
	return n >= 0;
}

/* A 64-bit kernel keeps r0 to r14 in x0 to x14, and the program counter where its own is. */
static bool find_arm_on_arm64(const char *name, size_t len, uint16_t *offset)
{
	int n = arm_number(name, len);

	*offset = (uint16_t)(8 * (n == 15 ? 32 : n));
	return n >= 0;
}

/* args[1], then the program status word of two words, then the registers. */
static bool find_s390(const char *name, size_t len, uint16_t *offset)
{
	int n = percent(&name, &len) && len && *name == 'r' ? number(name + 1, len - 1, 15) : -1;

	*offset = (uint16_t)(24 + 8 * n);
	return n >= 0;
}

static bool find_riscv(const char *name, size_t len, uint16_t *offset)
{
	int n = position("pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 "
			 "s8 s9 s10 s11 t3 t4 t5 t6",
			 name, len);

	if (len == 2 && !memcmp(name, "fp", 2))
		n = 8;
	*offset = (uint16_t)(8 * n);
	return n >= 0;
}

/* "3", "r3" or "%r3", by the options of the assembler. */
static bool find_ppc(const char *name, size_t len, uint16_t *offset)
{
	int n;

	if (len && *name == '%')
		name++, len--;
	if (len && *name == 'r')
		name++, len--;
	n = number(name, len, 31);
	*offset = (uint16_t)(8 * n);
	return n >= 0;
}

static const struct skep_usdt_notation notations[] = {
	{ EM_X86_64, EM_X86_64, "$", false, find_x86 },
	{ EM_386, EM_X86_64, "$", false, find_x86 },
	{ EM_386, EM_386, "$", false, find_i386 },
	{ EM_AARCH64, EM_AARCH64, "", false, find_arm64 },
	{ EM_ARM, EM_AARCH64, "#", false, find_arm_on_arm64 },
	{ EM_ARM, EM_ARM, "#", false, find_arm },
	{ EM_S390, EM_S390, "", false, find_s390 },
	{ EM_RISCV, EM_RISCV, "", false, find_riscv },
	{ EM_PPC64, EM_PPC64, "i", true, find_ppc },
};

const struct skep_usdt_notation *skep_usdt_notation(uint16_t machine, uint16_t kernel)
{
	for (size_t i = 0; i < sizeof(notations) / sizeof(notations[0]); i++)
		if (notations[i].machine == machine && notations[i].kernel == kernel)
			return &notations[i];
	return NULL;
}

bool skep_usdt_register(const struct skep_usdt_notation *notation, const char *name, size_t len,
			uint16_t *offset)
{
	return notation->find(name, len, offset);
}

uint16_t skep_usdt_kernel_machine(void)
{
#if defined(__x86_64__)
	return EM_X86_64;
#elif defined(__i386__)
	return EM_386;
#elif defined(__aarch64__)
	return EM_AARCH64;
#elif defined(__arm__)
	return EM_ARM;
#elif defined(__s390x__)
	return EM_S390;
#elif defined(__riscv) && __riscv_xlen == 64
	return EM_RISCV;
#elif defined(__powerpc64__)
	return EM_PPC64;
#else
	return EM_NONE;
#endif
}
