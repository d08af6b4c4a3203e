/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* skep/bpf/args.h - what the other headers' macros with any number of arguments are made of. */
#ifndef SKEP_BPF_ARGS_H
#define SKEP_BPF_ARGS_H

#define SKEP_CONCAT(a, b)  SKEP_CONCAT_(a, b)
#define SKEP_CONCAT_(a, b) a##b

/* The number of arguments, 0 to 12. */
#define SKEP_NARGS(...)						   SKEP_NARGS_(_, ##__VA_ARGS__, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define SKEP_NARGS_(_, a, b, c, d, e, f, g, h, i, j, k, l, n, ...) n

/* @f of each argument, with commas between. */
#define SKEP_EACH(f, args...) SKEP_CONCAT(SKEP_EACH, SKEP_NARGS(args))(f, ##args)
#define SKEP_EACH0(f)
#define SKEP_EACH1(f, a)	f(a)
#define SKEP_EACH2(f, a, b...)	f(a), SKEP_EACH1(f, b)
#define SKEP_EACH3(f, a, b...)	f(a), SKEP_EACH2(f, b)
#define SKEP_EACH4(f, a, b...)	f(a), SKEP_EACH3(f, b)
#define SKEP_EACH5(f, a, b...)	f(a), SKEP_EACH4(f, b)
#define SKEP_EACH6(f, a, b...)	f(a), SKEP_EACH5(f, b)
#define SKEP_EACH7(f, a, b...)	f(a), SKEP_EACH6(f, b)
#define SKEP_EACH8(f, a, b...)	f(a), SKEP_EACH7(f, b)
#define SKEP_EACH9(f, a, b...)	f(a), SKEP_EACH8(f, b)
#define SKEP_EACH10(f, a, b...) f(a), SKEP_EACH9(f, b)
#define SKEP_EACH11(f, a, b...) f(a), SKEP_EACH10(f, b)
#define SKEP_EACH12(f, a, b...) f(a), SKEP_EACH11(f, b)

/* A compile error, with its text, unless both expressions are of one type. */
#define SKEP_SAME_TYPE(a, b, text) \
	_Static_assert(__builtin_types_compatible_p(__typeof__(a), __typeof__(b)), text)

#endif
