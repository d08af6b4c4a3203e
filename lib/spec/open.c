// SPDX-License-Identifier: MIT
/* Reads an object file into a spec: one aspect after the other. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/opts.h"
#include "spec/file.h"
#include "spec/reader.h"

#define MAX_FILE       (256u << 20)
#define EM_BPF_MACHINE 247

SKEP_DEFINE_SCOPED(spec, struct skep_spec, skep_spec_free)

static const char *machine_name(uint16_t machine)
{
	switch (machine) {
	case EM_X86_64:
		return "an x86-64";
	case EM_AARCH64:
		return "an arm64";
	case EM_S390:
		return "an s390x";
	case EM_RISCV:
		return "a RISC-V";
	case EM_PPC64:
		return "a PowerPC";
	default:
		return "another machine's";
	}
}

static int check_machine(struct skep_reader *r)
{
	if (r->elf.machine != EM_BPF_MACHINE) {
		skep_error_set(r->err, SKEP_STAGE_READ, ENOEXEC,
			       "this is %s program, not an eBPF object",
			       machine_name(r->elf.machine));
		skep_error_add_hint(r->err, "compile it with clang -target bpf");
		return -ENOEXEC;
	}
	if (r->elf.type != ET_REL)
		return skep_reader_fail(r,
					"this is a linked file; give the object that clang made");
	r->spec->is_foreign = r->elf.foreign;
	return 0;
}

static int read_license(struct skep_reader *r)
{
	const struct skep_elf_section *license = skep_elf_section(&r->elf, "license");
	const struct skep_elf_section *version = skep_elf_section(&r->elf, "version");

	r->spec->license = "";
	if (license && license->data) {
		const char *text = (const char *)license->data;

		/* char LICENSE[3] = "GPL" has no room for a NUL. */
		r->spec->license = skep_arena_string(r->arena, text, strnlen(text, license->size));
		if (!r->spec->license)
			return skep_reader_nomem(r);
	}
	if (version && version->data && version->size >= 4)
		r->spec->kern_version = skep_elf_u32(&r->elf, version->data);
	return 0;
}

static int prepare(struct skep_reader *r)
{
	size_t n_sections = r->elf.n_sections, n_symbols = r->elf.n_symbols;

	r->section_map = malloc((n_sections + 1) * sizeof(*r->section_map));
	r->symbol_map = malloc((n_symbols + 1) * sizeof(*r->symbol_map));
	r->symbol_extern = malloc((n_symbols + 1) * sizeof(*r->symbol_extern));
	if (!r->section_map || !r->symbol_map || !r->symbol_extern)
		return skep_reader_nomem(r);
	memset(r->section_map, 0xff, (n_sections + 1) * sizeof(*r->section_map));
	memset(r->symbol_map, 0xff, (n_symbols + 1) * sizeof(*r->symbol_map));
	memset(r->symbol_extern, 0xff, (n_symbols + 1) * sizeof(*r->symbol_extern));
	return 0;
}

static int read_elf(struct skep_reader *r, const void *data, size_t len)
{
	int ret = skep_elf_read(&r->elf, data, len, r->err);

	if (ret)
		return ret;
	ret = check_machine(r)		       ?:
		      prepare(r)	       ?:
		      read_license(r)	       ?:
		      skep_read_btf(r)	       ?:
		      skep_read_functions(r)   ?:
		      skep_read_programs(r)    ?:
		      skep_read_maps(r)	       ?:
		      skep_read_legacy_maps(r) ?:
		      skep_read_data(r)	       ?:
		      skep_read_globals(r)     ?:
		      skep_read_externs(r)     ?:
		      skep_read_refs(r)	       ?:
		      skep_read_slots(r)       ?:
		      skep_read_struct_ops(r)  ?:
		      skep_read_btf_ext(r)     ?:
						 skep_read_exceptions(r);
	free(r->section_map);
	free(r->symbol_map);
	free(r->symbol_extern);
	skep_elf_free(&r->elf);
	if (!ret && !r->spec->n_programs && !r->spec->n_maps) {
		ret = skep_reader_fail(r, "the object has neither programs nor maps");
		skep_error_add_hint(r->err, "give a program a section: SEC(\"xdp\") int f(...)");
	}
	return ret;
}

/* "dir/open.bpf.o" -> "open" */
static char *name_of(struct skep_arena *arena, const char *path)
{
	const char *base = strrchr(path, '/');
	size_t len;

	base = base ? base + 1 : path;
	len = strlen(base);
	if (len > 2 && !strcmp(base + len - 2, ".o"))
		len -= 2;
	if (len > 4 && !memcmp(base + len - 4, ".bpf", 4))
		len -= 4;
	return skep_arena_string(arena, base, len);
}

/* Takes over @file, which malloc made. */
static struct skep_spec *read_file(void *file, size_t len, const char *path,
				   const struct skep_spec_opts *opts, struct skep_error *err)
{
	struct skep_spec_impl *impl = calloc(1, sizeof(*impl));
	SKEP_SCOPED(skep_scoped_spec) struct skep_spec *spec = &impl->spec;
	const struct skep_spec_opts o = SKEP_OPTS(struct skep_spec_opts, opts);
	struct skep_reader r = { .err = err };
	int ret;

	if (!impl) {
		free(file);
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	r.relaxed_maps = o.relaxed_maps;
	path = o.path ?: path;
	impl->file = file;
	spec->n_bytes = len;
	r.spec = spec;
	r.arena = &impl->arena;
	spec->path = skep_arena_string(r.arena, path, strlen(path));
	spec->name = name_of(r.arena, o.name ?: path);
	ret = spec->path && spec->name ? read_elf(&r, file, len) : skep_reader_nomem(&r);
	if (ret) {
		skep_error_add_object(err, "%s", path);
		return NULL;
	}
	return SKEP_TAKE(spec);
}

static int cannot_read(struct skep_error *err, const char *path, int code)
{
	if (code == EFBIG)
		skep_error_set(err, SKEP_STAGE_READ, code, "more than %u MiB are no eBPF object",
			       MAX_FILE >> 20);
	else
		skep_error_set_errno(err, SKEP_STAGE_READ, code, "cannot be read");
	skep_error_add_object(err, "%s", path);
	return -code;
}

/* From its beginning, wherever the fd is. */
static int load_fd(int fd, void **data, size_t *len)
{
	struct stat st;

	if (fstat(fd, &st))
		return errno;
	if (!S_ISREG(st.st_mode) && !S_ISCHR(st.st_mode))
		return S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	if (st.st_size > MAX_FILE)
		return EFBIG;
	*data = malloc((size_t)st.st_size + 1);
	if (!*data)
		return ENOMEM;
	for (*len = 0; *len < (size_t)st.st_size;) {
		ssize_t n = pread(fd, (char *)*data + *len, (size_t)st.st_size - *len, (off_t)*len);

		if (n < 0 && errno != EINTR)
			return errno;
		if (!n)
			break;
		*len += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int load_file(const char *path, void **data, size_t *len)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : load_fd(fd, data, len);
}

int skep_spec_read_file(const char *path, void **data, size_t *len, struct skep_error *err)
{
	int code;

	*data = NULL;
	*len = 0;
	code = load_file(path, data, len);
	if (!code)
		return 0;
	free(*data);
	return cannot_read(err, path, code);
}

struct skep_spec *skep_spec_open(const char *path, const struct skep_spec_opts *opts,
				 struct skep_error *err)
{
	void *data;
	size_t len;

	if (skep_spec_read_file(path, &data, &len, err))
		return NULL;
	return read_file(data, len, path, opts, err);
}

struct skep_spec *skep_spec_open_fd(int fd, const struct skep_spec_opts *opts,
				    struct skep_error *err)
{
	const struct skep_spec_opts o = SKEP_OPTS(struct skep_spec_opts, opts);
	const char *name = o.path ?: o.name ?: "object";
	void *data = NULL;
	size_t len = 0;
	int code = load_fd(fd, &data, &len);

	if (code) {
		free(data);
		cannot_read(err, name, code);
		return NULL;
	}
	return read_file(data, len, name, opts, err);
}

struct skep_spec *skep_spec_read(const void *data, size_t len, const struct skep_spec_opts *opts,
				 struct skep_error *err)
{
	const char *name = SKEP_OPTS(struct skep_spec_opts, opts).name ?: "object";
	void *copy;

	if (!data && len)
		return skep_error_null_ptr(err, SKEP_STAGE_READ, "data");
	if (len > MAX_FILE) {
		cannot_read(err, name, EFBIG);
		return NULL;
	}
	copy = malloc(len + 1);
	if (!copy) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	if (len)
		memcpy(copy, data, len);
	return read_file(copy, len, name, opts, err);
}

void skep_spec_free(struct skep_spec *spec)
{
	struct skep_spec_impl *impl = (void *)spec;

	if (!spec)
		return;
	skep_btf_free(spec->btf);
	free(impl->file);
	skep_arena_free(&impl->arena);
	free(impl);
}

struct skep_program_spec *skep_spec_program(const struct skep_spec *spec, const char *name)
{
	for (size_t i = 0; spec && name && i < spec->n_programs; i++)
		if (!strcmp(spec->programs[i]->name, name))
			return spec->programs[i];
	return NULL;
}

struct skep_map_spec *skep_spec_map(const struct skep_spec *spec, const char *name)
{
	for (size_t i = 0; spec && name && i < spec->n_maps; i++)
		if (!strcmp(spec->maps[i]->name, name))
			return spec->maps[i];
	return NULL;
}

struct skep_global_spec *skep_spec_global(const struct skep_spec *spec, const char *name)
{
	for (size_t i = 0; spec && name && i < spec->n_globals; i++)
		if (!strcmp(spec->globals[i]->name, name))
			return spec->globals[i];
	return NULL;
}
