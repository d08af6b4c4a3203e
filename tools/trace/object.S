/* SPDX-License-Identifier: MIT */
/* trace.bpf.o as it is, in the library's constants. */
	.section .rodata.skep_trace_object, "a"
	.balign 8
	.globl skep_trace_object, skep_trace_object_end
	.hidden skep_trace_object, skep_trace_object_end
skep_trace_object:
	.incbin TRACE_OBJECT
skep_trace_object_end:
	.byte 0
	.section .note.GNU-stack, "", %progbits
