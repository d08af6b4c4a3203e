/* SPDX-License-Identifier: MIT */
/*
 * skep/linker.h - several object files as one, before any of it is loaded.
 *
 *	struct skep_linker *linker = skep_linker_new();
 *
 *	if (!linker || skep_linker_add_file(linker, "parse.bpf.o", &err) ||
 *	    skep_linker_add_file(linker, "main.bpf.o", &err) ||
 *	    skep_linker_finish(linker, &object, &err))
 *		skep_error_print(&err, stderr);
 *	skep_linker_free(linker);
 *
 * Sections of one name become one, in the order in which files were added; `license` and `version`
 * must be the same in all files that have one. A symbol that is not static is one for all files: a
 * declaration (extern) stands for the definition in another file, a weak definition gives way to
 * one that is not, and two that are not weak are an error. Variables, maps and functions that are
 * declared in one file and defined in another must have the same type: an error names both files
 * and the difference. What is defined nowhere stays a declaration: the kernel may have it (__ksym,
 * __kconfig), or another file that is linked later.
 *
 * Types are merged as skep_btf_merge() does it. Source lines, CO-RE relocations and initial values
 * are kept. Debug information (DWARF) is left out.
 */
#ifndef SKEP_LINKER_H
#define SKEP_LINKER_H

#include <stddef.h>
#include <skep/error.h>
#include <skep/text.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_linker;

/* NULL when there is no memory. */
struct skep_linker *skep_linker_new(struct skep_error *err);

/*
 * skep_linker_add_file - reads one more object. The file is mapped: it may be replaced, but not be
 * written to, before the linker is freed. Errors: those of open(2); ENOEXEC for what is no
 * eBPF object; EINVAL for one that is damaged, or has another byte order than those before it, or
 * relocations with addends (SHT_RELA), which no compiler for eBPF writes. A file that was refused
 * is not added.
 */
int skep_linker_add_file(struct skep_linker *linker, const char *path, struct skep_error *err);

/* The same from @len bytes of memory, which are copied; messages call it @name. */
int skep_linker_add(struct skep_linker *linker, const void *data, size_t len, const char *name,
		    struct skep_error *err);

/*
 * skep_linker_finish - appends the linked object file to @out. It can be asked for again, also
 * after more files were added: the same files give the same bytes.
 *
 * Errors: EEXIST for a symbol that two files define; EINVAL for types, licenses, or kinds of
 * sections that differ, or no file at all; E2BIG; ENOMEM. @out is then as it was.
 */
int skep_linker_finish(struct skep_linker *linker, struct skep_text *out, struct skep_error *err);

void skep_linker_free(struct skep_linker *linker);

#ifdef __cplusplus
}
#endif

#endif
