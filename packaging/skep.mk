# SPDX-License-Identifier: MIT
# For a Makefile that says
#
#	include $(shell pkg-config --variable=makefile skep)
#
# NAME.skel.h is made from NAME.bpf.c (skep gen skeleton), anew when it or a header that it includes
# has changed. SKEP_CFLAGS and SKEP_LIBS are for programs; SKEP_BPFFLAGS, for clang, is the project's.

ifndef SKEP
SKEP := $(shell pkg-config --variable=skep skep)
endif
ifndef SKEP_CFLAGS
SKEP_CFLAGS := $(shell pkg-config --cflags skep)
endif
ifndef SKEP_LIBS
SKEP_LIBS := $(shell pkg-config --libs skep) -Wl,-rpath,$(shell pkg-config --variable=libdir skep)
endif

%.skel.h: %.bpf.c
	$(SKEP) gen skeleton $< -o $@ --depfile $@.d -- -MP $(SKEP_BPFFLAGS)

-include $(wildcard *.skel.h.d */*.skel.h.d)
