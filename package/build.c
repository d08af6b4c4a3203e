// SPDX-License-Identifier: MIT
#include "package/build.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/building.h"
#include "package/source.h"

#define MAX_README (1u << 20)

const char *skep_build_text(struct skep_building *b, const char *text, size_t len)
{
	const char *copy = skep_arena_string(&b->package->arena, text, len);

	if (!copy)
		skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	return copy;
}

static bool knows(void *ctx, const char *name, size_t len)
{
	const struct skep_building *b = ctx;
	char copy[128];

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, name, len);
	copy[len] = '\0';
	/* The licence is in a section that is no map's; its types tell its name. */
	return skep_spec_global(b->spec, copy) || skep_spec_map(b->spec, copy) ||
	       skep_spec_program(b->spec, copy) || skep_btf_find(b->spec->btf, copy, BTF_KIND_VAR);
}

static int read_docs(struct skep_building *b, const char *path, skep_doc_knows_fn fn,
		     struct skep_docs *docs)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	int ret = skep_source_read_file(path, &text, b->err);

	return ret ?: skep_docs_read(docs, skep_text_string(&text), text.len, fn, b, b->err);
}

/* The README lies beside the source. */
static int read_readme(struct skep_building *b)
{
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	const char *slash = strrchr(b->opts->source, '/');

	skep_text_bytes(&path, b->opts->source, slash ? (size_t)(slash - b->opts->source) + 1 : 0);
	skep_text_lit(&path, "README.md");
	if (access(skep_text_string(&path), F_OK))
		return 0;
	if (skep_source_read_file(skep_text_string(&path), &text, b->err))
		return -EINVAL;
	if (text.len > MAX_README || memchr(text.data, '\0', text.len))
		return skep_error_set(b->err, SKEP_STAGE_BUILD, EINVAL,
				      "%s goes into the package, and is no text of at most 1 MiB",
				      skep_text_string(&path));
	b->package->readme = text.len ? skep_build_text(b, text.data, text.len) : NULL;
	return text.len && !b->package->readme ? -ENOMEM : 0;
}

static int read_object(struct skep_building *b)
{
	const struct skep_package_object *object = &b->package->objects.items[0];
	struct skep_spec_opts opts = { .size = sizeof(opts), .path = b->opts->source };

	opts.name = b->package->name;
	b->spec = skep_spec_read(object->data, object->len, &opts, b->err);
	return b->spec ? 0 : -EINVAL;
}

static int check_programs(struct skep_building *b)
{
	if (!b->spec->btf) {
		skep_error_set(b->err, SKEP_STAGE_BUILD, EINVAL,
			       "clang has written no types (BTF) for it");
		skep_error_add_hint(b->err, "leave out flags such as -g0");
		return -EINVAL;
	}
	if (b->spec->n_programs || b->opts->is_types)
		return 0;
	skep_error_set(b->err, SKEP_STAGE_BUILD, EINVAL, "there is no program in it");
	skep_error_add_hint(b->err, "a program is a function with SEC(\"...\") before it; "
				    "--header-only takes the types of a file alone");
	return -EINVAL;
}

static int read_header(struct skep_building *b)
{
	const char *header = b->opts->is_types ? b->opts->source : b->opts->header;
	int ret = header ? read_docs(b, header, NULL, &b->header) : 0;

	if (ret || !header || b->header.types.len)
		return ret;
	skep_error_set(b->err, SKEP_STAGE_BUILD, EINVAL,
		       "%s defines no struct, union or enum with a name", header);
	skep_error_add_hint(b->err, "its structs become the package's records");
	return -EINVAL;
}

static int name_package(struct skep_building *b)
{
	char name[128];

	skep_source_name(b->opts->source, name, sizeof(name));
	b->package->name = skep_build_text(b, name, strlen(name));
	b->package->poll_timeout_ms = 100;
	b->package->perf_buffer_pages = 64;
	return b->package->name ? 0 : -ENOMEM;
}

static int describe(struct skep_building *b)
{
	int ret = read_docs(b, b->opts->source, knows, &b->docs);

	ret = ret ?: skep_build_model(b) ?: skep_build_docs(b);
	return ret ?: skep_build_sampled(b) ?: skep_build_features(b);
}

static int build(struct skep_building *b)
{
	int ret = name_package(b) ?: read_header(b) ?: skep_build_compile(b) ?: read_object(b);

	ret = ret ?: check_programs(b) ?: describe(b);
	return ret ?: read_readme(b) ?: skep_build_btfs(b);
}

static void end_building(struct skep_building *b)
{
	skep_docs_free(&b->docs);
	skep_docs_free(&b->header);
	skep_spec_free(b->spec);
}

int skep_build_describe(struct skep_package *package, const char *source, struct skep_error *err)
{
	const struct skep_build_opts opts = { .source = source };
	struct skep_building b = { .opts = &opts, .package = package, .err = err };
	int ret = name_package(&b) ?: read_object(&b);

	if (!ret && b.spec->btf)
		ret = describe(&b);
	end_building(&b);
	return ret;
}

int skep_build(const struct skep_build_opts *opts, struct skep_package *package,
	       struct skep_error *err)
{
	struct skep_building b = { .opts = opts, .package = package, .err = err };
	int ret = build(&b);

	end_building(&b);
	if (ret)
		skep_error_add_object(err, "%s", opts->source);
	return ret;
}
