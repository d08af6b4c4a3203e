// SPDX-License-Identifier: MIT
/* Finds out what a file is, and lets the reader of its form read it. */
#include "package/read.h"

#include <ctype.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/build.h"
#include "package/object_cache.h"
#include "package/read_parts.h"
#include "package/source.h"

const char *const skep_package_forms[] = {
	"object", "source", "json", "yaml", "tar", "folder", NULL
};

/* How much of a text is looked at to tell what it is. */
#define SEEN 4096

static bool ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), end_len = strlen(end);

	return len >= end_len && !strcmp(s + len - end_len, end);
}

static bool begins(const void *data, size_t len, const char *magic, size_t magic_len)
{
	return len >= magic_len && !memcmp(data, magic, magic_len);
}

/* A line that begins with one of the words. */
static bool has_line(const char *text, size_t len, const char *const *words)
{
	const char *end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		for (size_t i = 0; words[i]; i++)
			if (begins(text, (size_t)(end - text), words[i], strlen(words[i])))
				return true;
		if (!newline)
			break;
		text = newline + 1;
	}
	return false;
}

static enum skep_package_form form_of(const char *text, size_t len)
{
	static const char *const yaml[] = { "bpf_object:",    "bpf_object_size:", "meta:",
					    "bpf_skel:",      "eunomia_version:", "export_types:",
					    "data_sections:", "obj_name:",	  NULL };
	static const char *const c[] = { "#include", "SEC(", NULL };
	size_t seen = len < SEEN ? len : SEEN, start = 0;

	if (begins(text, len, ELFMAG, SELFMAG))
		return SKEP_PACKAGE_FORM_OBJECT;
	if (skep_tar_is(text, len))
		return SKEP_PACKAGE_FORM_TAR;
	if (memchr(text, 0, seen))
		return SKEP_PACKAGE_FORM_ANY;
	while (start < seen && isspace((unsigned char)text[start]))
		start++;
	if (start < seen && (text[start] == '{' || text[start] == '['))
		return SKEP_PACKAGE_FORM_JSON;
	if (has_line(text, seen, yaml))
		return SKEP_PACKAGE_FORM_YAML;
	return has_line(text, seen, c) ? SKEP_PACKAGE_FORM_SOURCE : SKEP_PACKAGE_FORM_ANY;
}

static int unknown_form(const void *data, size_t len, struct skep_error *err)
{
	const char *what = "it is of no form that a package has";

	if (!len)
		what = "it is empty";
	else if (begins(data, len, "\x1f\x8b", 2))
		what = "it is packed by gzip: unpack it first";
	else if (begins(data, len, "\0asm", 4))
		what = "it is a WASM module, without an eBPF object";
	else if (begins(data, len, "<", 1))
		what = "it is a page of the web, not a package";
	skep_error_set(err, SKEP_STAGE_READ, EINVAL, "%s", what);
	skep_error_add_hint(err,
			    "objects, C sources (*.c), package.json, package.yaml, *.skel.json, "
			    "tars of them and .skep are read");
	return -EINVAL;
}

static int add_compiled(struct skep_package *package, const char *source, struct skep_error *err)
{
	struct skep_text object = { 0 };
	int ret = skep_object_cache_compile(source, &object, err);

	if (ret) {
		skep_text_free(&object);
		return ret;
	}
	ret = skep_package_own(package, object.data, err);
	ret = ret ?: skep_package_add_object(package, object.data, object.len, NULL, err);
	return ret ?: skep_build_describe(package, source, err);
}

/* A source that has no file gets one, since clang wants to read it. */
static int read_source(struct skep_package *package, const void *data, size_t len,
		       struct skep_error *err)
{
	char path[] = "/tmp/skep-source-XXXXXX.bpf.c";
	SKEP_SCOPED(skep_scoped_fd) int fd = mkostemps(path, 6, O_CLOEXEC);
	int ret;

	if (fd < 0)
		return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "%s cannot be made",
					    path);
	if (write(fd, data, len) != (ssize_t)len)
		ret = skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "%s cannot be written",
					   path);
	else
		ret = add_compiled(package, path, err);
	unlink(path);
	return ret;
}

/* "dir/x.skel.json" describes "dir/x.bpf.o". */
static int read_beside(struct skep_package *package, const char *path, struct skep_error *err)
{
	static const char *const ends[] = { ".skel.json", ".skel.yaml", ".skel.yml", ".json" };
	SKEP_SCOPED(skep_text_free) struct skep_text object = { 0 };
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	const void *data;
	size_t len;
	int ret;

	skep_text_str(&object, path ? path : "");
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (!path || !ends_with(path, ends[i]))
			continue;
		object.len -= strlen(ends[i]);
		break;
	}
	skep_text_lit(&object, ".bpf.o");
	fd = path ? open(skep_text_string(&object), O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0) {
		skep_error_set(err, SKEP_STAGE_READ, ENOENT,
			       "it describes an object that is not with it");
		skep_error_add_hint(err, "put the object at '%s'",
				    path ? skep_text_string(&object) : "NAME.bpf.o beside it");
		return -ENOENT;
	}
	ret = skep_package_load(package, fd, skep_text_string(&object), &data, &len, err);
	return ret ?: skep_package_add_object(package, data, len, NULL, err);
}

static int read_json(struct skep_package *package, const void *data, size_t len, bool is_yaml,
		     const char *path, struct skep_error *err)
{
	json_t *root;
	int ret = is_yaml ? skep_yaml_parse(data, len, &root, err) :
			    skep_tree_parse(data, len, &root, err);

	ret = ret ?: skep_package_read_json(package, root, err);
	if (!ret && skep_package_json_is_alone(root))
		ret = read_beside(package, path, err);
	json_decref(root);
	return ret;
}

int skep_package_read_parts(struct skep_package *package, const void *data, size_t len,
			    const struct skep_package_read_opts *opts, struct skep_error *err)
{
	enum skep_package_form form = opts->form ? opts->form : form_of(data, len);

	if (len > SKEP_PACKAGE_MOST)
		return skep_error_set(err, SKEP_STAGE_READ, EFBIG, "it has more than %u MiB",
				      SKEP_PACKAGE_MOST >> 20);
	switch (form) {
	case SKEP_PACKAGE_FORM_OBJECT:
		return skep_package_add_object(package, data, len, NULL, err);
	case SKEP_PACKAGE_FORM_SOURCE:
		return read_source(package, data, len, err);
	case SKEP_PACKAGE_FORM_JSON:
		return read_json(package, data, len, false, opts->path, err);
	case SKEP_PACKAGE_FORM_YAML:
		return read_json(package, data, len, true, opts->path, err);
	case SKEP_PACKAGE_FORM_TAR:
		return skep_package_read_tar(package, data, len, opts, err);
	case SKEP_PACKAGE_FORM_FOLDER:
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "it is no folder");
	default:
		return unknown_form(data, len, err);
	}
}

static int read_fd(struct skep_package *package, int fd, const struct skep_package_read_opts *opts,
		   struct skep_error *err)
{
	const char *path = opts->path ? opts->path : "package";
	const void *data;
	struct stat st;
	size_t len;
	int ret;

	if (!fstat(fd, &st) && S_ISDIR(st.st_mode)) {
		if (opts->form && opts->form != SKEP_PACKAGE_FORM_FOLDER)
			return skep_error_set(err, SKEP_STAGE_READ, EISDIR, "it is a folder");
		return skep_package_read_folder(package, fd, opts, err);
	}
	ret = skep_package_load(package, fd, path, &data, &len, err);
	return ret ?: skep_package_read_parts(package, data, len, opts, err);
}

int skep_package_open_parts(struct skep_package *package, const char *path,
			    const struct skep_package_read_opts *opts, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;

	/* clang reads it itself, and names it in its messages. */
	if (ends_with(path, ".c") && (!opts->form || opts->form == SKEP_PACKAGE_FORM_SOURCE))
		return add_compiled(package, path, err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "it cannot be opened");
	return read_fd(package, fd, opts, err);
}

/* What every package has: a name, and how often its rings are asked. */
static int finish(struct skep_package *package, int ret, const char *path, struct skep_error *err)
{
	char name[64];

	if (!ret && !package->name) {
		skep_source_name(path ? path : "package", name, sizeof(name));
		package->name = skep_arena_string(&package->arena, name, strlen(name));
		if (!package->name)
			ret = skep_error_nomem(err, SKEP_STAGE_READ);
	}
	if (ret) {
		skep_error_add_object(err, "%s", path ? path : "package");
		skep_package_clear(package);
	}
	return ret;
}

static void start(struct skep_package *package)
{
	*package = (struct skep_package){ .poll_timeout_ms = 100, .perf_buffer_pages = 64 };
}

int skep_package_read(struct skep_package *package, const void *data, size_t len,
		      const struct skep_package_read_opts *opts, struct skep_error *err)
{
	const struct skep_package_read_opts o = opts ? *opts : (struct skep_package_read_opts){ 0 };

	start(package);
	return finish(package, skep_package_read_parts(package, data, len, &o, err), o.path, err);
}

int skep_package_read_fd(struct skep_package *package, int fd,
			 const struct skep_package_read_opts *opts, struct skep_error *err)
{
	const struct skep_package_read_opts o = opts ? *opts : (struct skep_package_read_opts){ 0 };

	start(package);
	return finish(package, read_fd(package, fd, &o, err), o.path, err);
}

int skep_package_open(struct skep_package *package, const char *path,
		      const struct skep_package_read_opts *opts, struct skep_error *err)
{
	struct skep_package_read_opts o = opts ? *opts : (struct skep_package_read_opts){ 0 };

	o.path = path;
	start(package);
	return finish(package, skep_package_open_parts(package, path, &o, err), path, err);
}
