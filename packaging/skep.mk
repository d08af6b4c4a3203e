# SPDX-License-Identifier: MIT
# For a Makefile that says
#
#	include $(shell pkg-config --variable=makefile skep)
#
# NAME.skel.h is made from NAME.bpf.c (skep gen skeleton), anew when it or a header that it includes
# has changed. SKEP_CFLAGS and SKEP_LIBS are for programs; SKEP_BPFFLAGS, for clang, is the project's.

PKG_CONFIG ?= pkg-config
ifndef SKEP
SKEP := $(shell $(PKG_CONFIG) --variable=skep skep)
endif
ifndef SKEP_CFLAGS
SKEP_CFLAGS := $(shell $(PKG_CONFIG) --cflags skep)
endif
ifndef SKEP_LIBS
SKEP_LIBS := $(shell $(PKG_CONFIG) --libs skep) -Wl,-rpath,$(shell $(PKG_CONFIG) --variable=libdir skep)
endif

%.skel.h: %.bpf.c
	$(SKEP) gen skeleton $< -o $@ --depfile $@.d -- -MP $(SKEP_BPFFLAGS)

-include $(wildcard *.skel.h.d */*.skel.h.d)
