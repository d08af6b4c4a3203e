/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/log_format.h - how skep/bpf/log.h reads a format while the program is compiled.
 *
 * Clang's front end computes strchr() and strlen() of literals: the place of each conversion is an
 * enumerator, made from the one before it. So wrong formats are errors at their line, and nothing
 * of this is left for the optimizer to find out.
 */
#ifndef SKEP_BPF_LOG_FORMAT_H
#define SKEP_BPF_LOG_FORMAT_H

#include <skep/bpf/helpers.h>

/* Bytes of a string, and of a run of bytes, that are taken from where a pointer leads. */
#ifndef SKEP_LOG_STRING
#define SKEP_LOG_STRING 64
#endif
#ifndef SKEP_LOG_BYTES
#define SKEP_LOG_BYTES 64
#endif

/* Arrays up to this size are copied by the program itself. */
#define SKEP_LOG_COPY 64

/* What an argument is in the record. The numbers are those of lib/event/log.h. */
enum skep_log_kind {
	SKEP_LOG_WRONG,	      /* no such conversion */
	SKEP_LOG_WRONG_HINT,  /* no such hint behind %p */
	SKEP_LOG_INT,	      /* widened to 64 bits by its sign */
	SKEP_LOG_LEN,	      /* the int of %*ph */
	SKEP_LOG_ADDRESS,     /* 64 bits: %p, %ps, %pS, %pe, %pT, %pt */
	SKEP_LOG_MEMORY,      /* as many bytes as it has */
	SKEP_LOG_TEXT,	      /* a char array */
	SKEP_LOG_STRING_READ, /* 64 bits that a helper returned, then bytes */
	SKEP_LOG_STRING_USER,
	SKEP_LOG_BYTES_READ,
};

#define SKEP_LOG_CAT(a, b)  SKEP_LOG_CAT_(a, b)
#define SKEP_LOG_CAT_(a, b) a##b
/* 8 at most; 9 is the name of no macro. */
#define SKEP_LOG_NARGS(...)				      SKEP_LOG_NARGS_(_, ##__VA_ARGS__, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define SKEP_LOG_NARGS_(_, a, b, c, d, e, f, g, h, i, n, ...) n

/*
 * An argument as a pointer or as a number, NULL or 0 if it is not one. Bitfields have no typeof, so
 * that all other questions are put to these. 5 is __builtin_classify_type()'s number of pointers.
 */
#define SKEP_LOG_IS_POINTER(arg) (__builtin_classify_type(arg) == 5)
#define SKEP_LOG_POINTER(arg) \
	__builtin_choose_expr(SKEP_LOG_IS_POINTER(arg), (arg), (const void *)0)
#define SKEP_LOG_NUMBER(arg) __builtin_choose_expr(SKEP_LOG_IS_POINTER(arg), 0, (arg))
#define SKEP_LOG_VALUE(arg)                                                           \
	__builtin_choose_expr(SKEP_LOG_IS_POINTER(arg), (__u64)SKEP_LOG_POINTER(arg), \
			      (__u64)SKEP_LOG_NUMBER(arg))
#define SKEP_LOG_IS_ARRAY(arg)                     \
	(!__builtin_types_compatible_p(            \
		__typeof__(SKEP_LOG_POINTER(arg)), \
		__typeof__(1 ? SKEP_LOG_POINTER(arg) : SKEP_LOG_POINTER(arg))))
#define SKEP_LOG_IS_WORD(arg) (SKEP_LOG_IS_POINTER(arg) || sizeof(0 + SKEP_LOG_NUMBER(arg)) == 8)
/* The pointer if what it leads to is sent: other pointers may lead to types without a size. */
#define SKEP_LOG_SOURCE(n, arg)                                          \
	__builtin_choose_expr(skep_log_k##n##_ == SKEP_LOG_MEMORY ||     \
				      skep_log_k##n##_ == SKEP_LOG_TEXT, \
			      SKEP_LOG_POINTER(arg), (const void *)0)

/* The next percent sign at or behind @from, or the format's end. */
#define SKEP_LOG_END(f) ((int)sizeof(f) - 1)
#define SKEP_LOG_FIND(f, from)                                             \
	((from) >= SKEP_LOG_END(f) || !__builtin_strchr(&(f)[from], '%') ? \
		 SKEP_LOG_END(f) :                                         \
		 SKEP_LOG_END(f) - (int)__builtin_strlen(__builtin_strchr(&(f)[from], '%')))

/* Behind "%%". */
#define SKEP_LOG_SKIP(f, at) \
	((at) < SKEP_LOG_END(f) && (f)[(at) + 1] == '%' ? SKEP_LOG_FIND(f, (at) + 2) : (at))

/* Behind a flag, a digit, a length. */
#define SKEP_LOG_PASS(f, at) \
	((at) + ((f)[at] && __builtin_strchr("-+ #0123456789.*hlz", (f)[at]) ? 1 : 0))

/*
 * Argument @n belongs to the conversion from skep_log_p to skep_log_c; t, h and i are its character
 * and the two behind it. The int of "%*ph" is an argument of its own, and the next one has the same
 * percent sign, told by a negative @from. q is where the next one is looked for, k the kind, s the
 * bytes that are sent, b those that they take in the record.
 */
#define SKEP_LOG_PLACE(n, f, from)                                                            \
	enum {                                                                                \
		skep_log_p##n##a_ = (from) < 0 ? -(from)-1 : SKEP_LOG_FIND(f, from),          \
		skep_log_p##n##b_ =                                                           \
			(from) < 0 ? skep_log_p##n##a_ : SKEP_LOG_SKIP(f, skep_log_p##n##a_), \
		skep_log_p##n##c_ = SKEP_LOG_SKIP(f, skep_log_p##n##b_),                      \
		skep_log_p##n##_ = SKEP_LOG_SKIP(f, skep_log_p##n##c_),                       \
		skep_log_l##n##_ = (from) >= 0 && skep_log_p##n##_ < SKEP_LOG_END(f) &&       \
				   (f)[skep_log_p##n##_ + 1] == '*',                          \
		skep_log_q##n##_ =                                                            \
			skep_log_l##n##_ ? -skep_log_p##n##_ - 1 : skep_log_p##n##_ + 1,      \
		skep_log_c##n##a_ = skep_log_p##n##_ + (skep_log_p##n##_ < SKEP_LOG_END(f)),  \
		skep_log_c##n##b_ = SKEP_LOG_PASS(f, skep_log_c##n##a_),                      \
		skep_log_c##n##c_ = SKEP_LOG_PASS(f, skep_log_c##n##b_),                      \
		skep_log_c##n##d_ = SKEP_LOG_PASS(f, skep_log_c##n##c_),                      \
		skep_log_c##n##e_ = SKEP_LOG_PASS(f, skep_log_c##n##d_),                      \
		skep_log_c##n##f_ = SKEP_LOG_PASS(f, skep_log_c##n##e_),                      \
		skep_log_c##n##_ = SKEP_LOG_PASS(f, skep_log_c##n##f_),                       \
		skep_log_t##n##_ = (f)[skep_log_c##n##_],                                     \
		skep_log_h##n##_ = skep_log_t##n##_ == 'p' ? (f)[skep_log_c##n##_ + 1] : 0,   \
		skep_log_i##n##_ = skep_log_h##n##_ ? (f)[skep_log_c##n##_ + 2] : 0,          \
	};

#define SKEP_LOG_IS_NAME(c) \
	(((c) >= 'a' && (c) <= 'z') || ((c) >= 'A' && (c) <= 'Z') || ((c) >= '0' && (c) <= '9'))

#define SKEP_LOG_HINT_KIND(h, i, arg)                                                                \
	((h) == 'I' && ((i) == '4' || (i) == '6') ? SKEP_LOG_MEMORY :                                \
	 (h) == 'M' || (h) == 'P'		  ? SKEP_LOG_MEMORY :                                \
	 (h) == 'h' && SKEP_LOG_IS_ARRAY(arg) && sizeof(SKEP_LOG_POINTER(arg)) <= SKEP_LOG_COPY ?    \
				    SKEP_LOG_MEMORY :                                                \
	 (h) == 'h'							    ? SKEP_LOG_BYTES_READ :  \
	 (h) == 'k' && (i) == 's'					    ? SKEP_LOG_STRING_READ : \
	 (h) == 'u' && (i) == 's'					    ? SKEP_LOG_STRING_USER : \
	 (h) == 's' || (h) == 'S' || (h) == 'e' || (h) == 'T' || (h) == 't' ? SKEP_LOG_ADDRESS :     \
	 SKEP_LOG_IS_NAME(h)						    ? SKEP_LOG_WRONG_HINT :  \
									      SKEP_LOG_ADDRESS)

#define SKEP_LOG_KIND(n, arg)                                                                    \
	(skep_log_l##n##_	 ? SKEP_LOG_LEN :                                                \
	 skep_log_t##n##_ == 's' ? (SKEP_LOG_IS_ARRAY(arg) && sizeof(SKEP_LOG_POINTER(arg)) <=   \
								      SKEP_LOG_COPY ?            \
					    SKEP_LOG_TEXT :                                      \
					    SKEP_LOG_STRING_READ) :                              \
	 skep_log_t##n##_ == 'p' ? SKEP_LOG_HINT_KIND(skep_log_h##n##_, skep_log_i##n##_, arg) : \
	 skep_log_t##n##_ != 0 && __builtin_strchr("diuxXoc", skep_log_t##n##_) ? SKEP_LOG_INT : \
										  SKEP_LOG_WRONG)

#define SKEP_LOG_SIZE(n, arg)                                                                 \
	((int)(skep_log_k##n##_ <= SKEP_LOG_ADDRESS    ? 8 :                                  \
	       skep_log_h##n##_ == 'I'		       ? (skep_log_i##n##_ == '4' ? 4 : 16) : \
	       skep_log_h##n##_ == 'M'		       ? 6 :                                  \
	       skep_log_h##n##_ == 'P'		       ? 2 :                                  \
	       SKEP_LOG_IS_ARRAY(arg)		       ? sizeof(SKEP_LOG_POINTER(arg)) :      \
	       skep_log_k##n##_ == SKEP_LOG_BYTES_READ ? SKEP_LOG_BYTES :                     \
							 SKEP_LOG_STRING))

/* Whether %pI4 and its like can take it from there; a pointer to bytes may lead to any number. */
#define SKEP_LOG_FITS(n, arg)                                                                    \
	(skep_log_k##n##_ != SKEP_LOG_MEMORY ||                                                  \
	 (!SKEP_LOG_IS_POINTER(arg) ? skep_log_s##n##_ == 2 || skep_log_s##n##_ == 4 :           \
	  SKEP_LOG_IS_ARRAY(arg)    ? (int)sizeof(SKEP_LOG_SOURCE(n, arg)) >= skep_log_s##n##_ : \
				      sizeof(*SKEP_LOG_SOURCE(n, arg)) == 1 ||                   \
					   (int)sizeof(*SKEP_LOG_SOURCE(n, arg)) >=              \
						   skep_log_s##n##_))

#define SKEP_LOG_ONE(n, f, from, arg)                                                                                            \
	SKEP_LOG_PLACE(n, f, from)                                                                                               \
	enum { skep_log_k##n##_ = SKEP_LOG_KIND(n, arg) };                                                                       \
	enum {                                                                                                                   \
		skep_log_s##n##_ = SKEP_LOG_SIZE(n, arg),                                                                        \
		skep_log_b##n##_ = ((skep_log_s##n##_ + 7) & ~7) +                                                               \
				   (skep_log_k##n##_ >= SKEP_LOG_STRING_READ ? 8 : 0),                                           \
		skep_log_asked_for##n##_ = skep_log_p##n##_ < SKEP_LOG_END(f),                                                   \
		skep_log_known##n##_ =                                                                                           \
			skep_log_k##n##_ != SKEP_LOG_WRONG || !skep_log_asked_for##n##_,                                         \
		skep_log_hint##n##_ = skep_log_k##n##_ != SKEP_LOG_WRONG_HINT,                                                   \
		skep_log_may_have_length##n##_ =                                                                                 \
			!skep_log_l##n##_ || (skep_log_t##n##_ == 'p' && skep_log_h##n##_ == 'h'),                               \
		skep_log_fits##n##_ = SKEP_LOG_FITS(n, arg),                                                                     \
		skep_log_pointer##n##_ =                                                                                         \
			skep_log_k##n##_ < SKEP_LOG_TEXT || SKEP_LOG_IS_POINTER(arg),                                            \
		skep_log_has_length##n##_ = skep_log_h##n##_ != 'h' || skep_log_l##n##_ ||                                       \
					    (from) < 0 || SKEP_LOG_IS_ARRAY(arg),                                                \
		skep_log_wide##n##_ = skep_log_k##n##_ != SKEP_LOG_ADDRESS ||                                                    \
				      skep_log_h##n##_ == 'e' || SKEP_LOG_IS_WORD(arg)                                           \
	};                                                                                                                       \
	_Static_assert(skep_log_asked_for##n##_,                                                                                 \
		       "log: there are more arguments than conversions in the format");                                          \
	_Static_assert(skep_log_known##n##_,                                                                                     \
		       "log: a conversion is one of %d %i %u %x %X %o %c %s %p");                                                \
	_Static_assert(skep_log_hint##n##_,                                                                                      \
		       "log: behind %p stands one of I4 I6 M P h e s S T t ks us, or no letter");                                \
	_Static_assert(skep_log_may_have_length##n##_,                                                                           \
		       "log: only %*ph takes a length from the arguments");                                                      \
	_Static_assert(                                                                                                          \
		skep_log_fits##n##_,                                                                                             \
		"log: %pI4, %pI6, %pM and %pP take a pointer to 4, 16, 6 and 2 bytes, or the value of an IPv4 address or port"); \
	_Static_assert(skep_log_pointer##n##_,                                                                                   \
		       "log: strings and bytes are given by a pointer or an array");                                             \
	_Static_assert(                                                                                                          \
		skep_log_has_length##n##_,                                                                                       \
		"log: %ph of a pointer does not know how many bytes: write %*ph and give an int");                               \
	_Static_assert(skep_log_wide##n##_,                                                                                      \
		       "log: %p, %ps, %pS, %pT and %pt take a pointer or 64 bits");

/* What the compiler's own check of printf(3) formats sees. */
#define SKEP_LOG_SEEN(n, arg) \
	, __builtin_choose_expr(!skep_log_l##n##_ && skep_log_t##n##_ == 'p', (void *)0, (arg))

int skep_log_check(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define SKEP_LOG_PRINTF(f, seen...)                                                            \
	_Pragma("clang diagnostic push") _Pragma("clang diagnostic error \"-Wformat\"") if (0) \
		skep_log_check(f seen);                                                        \
	_Pragma("clang diagnostic pop")

/* For zero to eight arguments: the enumerators, what printf's check sees, the table's rows, the sum
 * of bytes, and what puts them into a record. */
#define SKEP_LOG_PARSE0(format)
#define SKEP_LOG_PARSE1(format, a) SKEP_LOG_PARSE0(format) SKEP_LOG_ONE(1, format, 0, a)
#define SKEP_LOG_PARSE2(format, a, b) \
	SKEP_LOG_PARSE1(format, a) SKEP_LOG_ONE(2, format, skep_log_q1_, b)
#define SKEP_LOG_PARSE3(format, a, b, c) \
	SKEP_LOG_PARSE2(format, a, b) SKEP_LOG_ONE(3, format, skep_log_q2_, c)
#define SKEP_LOG_PARSE4(format, a, b, c, d) \
	SKEP_LOG_PARSE3(format, a, b, c) SKEP_LOG_ONE(4, format, skep_log_q3_, d)
#define SKEP_LOG_PARSE5(format, a, b, c, d, e) \
	SKEP_LOG_PARSE4(format, a, b, c, d) SKEP_LOG_ONE(5, format, skep_log_q4_, e)
#define SKEP_LOG_PARSE6(format, a, b, c, d, e, f) \
	SKEP_LOG_PARSE5(format, a, b, c, d, e) SKEP_LOG_ONE(6, format, skep_log_q5_, f)
#define SKEP_LOG_PARSE7(format, a, b, c, d, e, f, g) \
	SKEP_LOG_PARSE6(format, a, b, c, d, e, f) SKEP_LOG_ONE(7, format, skep_log_q6_, g)
#define SKEP_LOG_PARSE8(format, a, b, c, d, e, f, g, h) \
	SKEP_LOG_PARSE7(format, a, b, c, d, e, f, g) SKEP_LOG_ONE(8, format, skep_log_q7_, h)
#define SKEP_LOG_SEEN0()
#define SKEP_LOG_SEEN1(a)		    SKEP_LOG_SEEN0() SKEP_LOG_SEEN(1, a)
#define SKEP_LOG_SEEN2(a, b)		    SKEP_LOG_SEEN1(a) SKEP_LOG_SEEN(2, b)
#define SKEP_LOG_SEEN3(a, b, c)		    SKEP_LOG_SEEN2(a, b) SKEP_LOG_SEEN(3, c)
#define SKEP_LOG_SEEN4(a, b, c, d)	    SKEP_LOG_SEEN3(a, b, c) SKEP_LOG_SEEN(4, d)
#define SKEP_LOG_SEEN5(a, b, c, d, e)	    SKEP_LOG_SEEN4(a, b, c, d) SKEP_LOG_SEEN(5, e)
#define SKEP_LOG_SEEN6(a, b, c, d, e, f)    SKEP_LOG_SEEN5(a, b, c, d, e) SKEP_LOG_SEEN(6, f)
#define SKEP_LOG_SEEN7(a, b, c, d, e, f, g) SKEP_LOG_SEEN6(a, b, c, d, e, f) SKEP_LOG_SEEN(7, g)
#define SKEP_LOG_SEEN8(a, b, c, d, e, f, g, h) \
	SKEP_LOG_SEEN7(a, b, c, d, e, f, g) SKEP_LOG_SEEN(8, h)
#define SKEP_LOG_ARGS0
#define SKEP_LOG_ARGS1	SKEP_LOG_ARGS0{ skep_log_k1_, 0, skep_log_s1_ },
#define SKEP_LOG_ARGS2	SKEP_LOG_ARGS1{ skep_log_k2_, 0, skep_log_s2_ },
#define SKEP_LOG_ARGS3	SKEP_LOG_ARGS2{ skep_log_k3_, 0, skep_log_s3_ },
#define SKEP_LOG_ARGS4	SKEP_LOG_ARGS3{ skep_log_k4_, 0, skep_log_s4_ },
#define SKEP_LOG_ARGS5	SKEP_LOG_ARGS4{ skep_log_k5_, 0, skep_log_s5_ },
#define SKEP_LOG_ARGS6	SKEP_LOG_ARGS5{ skep_log_k6_, 0, skep_log_s6_ },
#define SKEP_LOG_ARGS7	SKEP_LOG_ARGS6{ skep_log_k7_, 0, skep_log_s7_ },
#define SKEP_LOG_ARGS8	SKEP_LOG_ARGS7{ skep_log_k8_, 0, skep_log_s8_ },
#define SKEP_LOG_BYTES0 0
#define SKEP_LOG_BYTES1 SKEP_LOG_BYTES0 + skep_log_b1_
#define SKEP_LOG_BYTES2 SKEP_LOG_BYTES1 + skep_log_b2_
#define SKEP_LOG_BYTES3 SKEP_LOG_BYTES2 + skep_log_b3_
#define SKEP_LOG_BYTES4 SKEP_LOG_BYTES3 + skep_log_b4_
#define SKEP_LOG_BYTES5 SKEP_LOG_BYTES4 + skep_log_b5_
#define SKEP_LOG_BYTES6 SKEP_LOG_BYTES5 + skep_log_b6_
#define SKEP_LOG_BYTES7 SKEP_LOG_BYTES6 + skep_log_b7_
#define SKEP_LOG_BYTES8 SKEP_LOG_BYTES7 + skep_log_b8_
#define SKEP_LOG_PUT0()
#define SKEP_LOG_PUT1(a)		      SKEP_LOG_PUT0() SKEP_LOG_PUT(1, a)
#define SKEP_LOG_PUT2(a, b)		      SKEP_LOG_PUT1(a) SKEP_LOG_PUT(2, b)
#define SKEP_LOG_PUT3(a, b, c)		      SKEP_LOG_PUT2(a, b) SKEP_LOG_PUT(3, c)
#define SKEP_LOG_PUT4(a, b, c, d)	      SKEP_LOG_PUT3(a, b, c) SKEP_LOG_PUT(4, d)
#define SKEP_LOG_PUT5(a, b, c, d, e)	      SKEP_LOG_PUT4(a, b, c, d) SKEP_LOG_PUT(5, e)
#define SKEP_LOG_PUT6(a, b, c, d, e, f)	      SKEP_LOG_PUT5(a, b, c, d, e) SKEP_LOG_PUT(6, f)
#define SKEP_LOG_PUT7(a, b, c, d, e, f, g)    SKEP_LOG_PUT6(a, b, c, d, e, f) SKEP_LOG_PUT(7, g)
#define SKEP_LOG_PUT8(a, b, c, d, e, f, g, h) SKEP_LOG_PUT7(a, b, c, d, e, f, g) SKEP_LOG_PUT(8, h)

#define SKEP_LOG_PARSE9(format, rest...) \
	_Static_assert(0, "log: there are at most eight arguments");
#define SKEP_LOG_SEEN9(rest...)
#define SKEP_LOG_ARGS9
#define SKEP_LOG_BYTES9 0
#define SKEP_LOG_PUT9(rest...)

#endif
