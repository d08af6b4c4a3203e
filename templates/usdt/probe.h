/* SPDX-License-Identifier: MIT */
/* A static probe with one argument, as <sys/sdt.h> makes it: a nop, and a note that tells of it. */
#define PROBE(provider, name, argument)                                                     \
	__asm__ volatile(                                                                   \
		"990: nop\n"                                                                \
		".pushsection .note.stapsdt, \"?\", \"note\"\n"                             \
		".balign 4\n"                                                               \
		".4byte 992f-991f, 994f-993f, 3\n"                                          \
		"991: .asciz \"stapsdt\"\n"                                                 \
		"992: .balign 4\n"                                                          \
		"993: .8byte 990b, _.stapsdt.base, 0\n"                                     \
		".asciz \"" provider "\"\n"                                                 \
		".asciz \"" name "\"\n"                                                     \
		".asciz \"8@%[value]\"\n"                                                   \
		"994: .balign 4\n"                                                          \
		".popsection\n"                                                             \
		".ifndef _.stapsdt.base\n"                                                  \
		".pushsection .stapsdt.base, \"aG\", \"progbits\", .stapsdt.base, comdat\n" \
		".weak _.stapsdt.base\n"                                                    \
		".hidden _.stapsdt.base\n"                                                  \
		"_.stapsdt.base: .space 1\n"                                                \
		".size _.stapsdt.base, 1\n"                                                 \
		".popsection\n"                                                             \
		".endif\n" ::[value] "r"((unsigned long)(argument)))
