// SPDX-License-Identifier: MIT
/* A package as eunomia-bpf's loader reads it. */
#include <errno.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "package/deflate.h"
#include "package/tar_write.h"
#include "package/write.h"
#include "package/write_eunomia.h"

static void write_doc(struct skep_writer *w, const struct skep_package *p)
{
	skep_write_open(w, "doc", '{');
	skep_write_string(w, "brief", p->brief);
	skep_write_string(w, "description", p->description);
	skep_write_string(w, "details", p->details);
	skep_write_string(w, "version", p->version);
	skep_write_close(w);
}

static void write_exports(struct skep_writer *w, const struct skep_package *p)
{
	skep_write_open(w, "export_types", '[');
	for (size_t i = 0; i < p->exports.len; i++) {
		const struct skep_package_export *e = &p->exports.items[i];

		skep_write_open(w, NULL, '{');
		skep_write_open(w, "members", '[');
		for (size_t k = 0; k < e->members.len; k++) {
			skep_write_open(w, NULL, '{');
			skep_write_string(w, "name", e->members.items[k].key);
			skep_write_string(w, "type", e->members.items[k].value);
			skep_write_close(w);
		}
		skep_write_close(w);
		skep_write_string(w, "name", e->name);
		skep_write_number(w, "size", e->size);
		skep_write_number(w, "type_id", e->type_id);
		skep_write_close(w);
	}
	skep_write_close(w);
}

static void write_meta(struct skep_writer *w, const char *key, const struct skep_package *p,
		       const struct skep_spec *spec)
{
	bool is_multiple = skep_eunomia_is_multiple(p, spec);

	skep_write_open(w, key, '{');
	skep_write_open(w, "bpf_skel", '{');
	skep_eunomia_sections(w, p, spec);
	write_doc(w, p);
	skep_eunomia_maps(w, p, spec, is_multiple);
	skep_write_string(w, "obj_name", skep_eunomia_ident(spec->name, "_bpf").text);
	skep_eunomia_programs(w, p, spec);
	skep_write_close(w);
	skep_write_bool(w, "enable_multiple_export_types", is_multiple);
	write_exports(w, p);
	skep_write_number(w, "perf_buffer_pages", p->perf_buffer_pages);
	skep_write_number(w, "poll_timeout_ms", p->poll_timeout_ms);
	skep_write_close(w);
}

static int pack(const struct skep_package_object *object, struct skep_text *out,
		struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text packed = { 0 };
	int ret = skep_deflate(object->data, object->len, &packed, err);

	if (!ret)
		skep_base64_write(out, packed.data, packed.len);
	return ret;
}

static int write_package(const struct skep_package *p, bool is_yaml, bool has_object,
			 struct skep_text *out, struct skep_error *err)
{
	const struct skep_package_object *object = skep_package_single(p, err);
	struct skep_spec_opts opts = { .size = sizeof(opts), .name = p->name };
	SKEP_SCOPED(skep_text_free) struct skep_text bytes = { 0 };
	struct skep_writer w = { .out = out, .is_yaml = is_yaml };
	struct skep_spec *spec;
	int ret = object ? 0 : -EINVAL;

	if (!ret && has_object)
		ret = pack(object, &bytes, err);
	spec = ret ? NULL : skep_spec_read(object->data, object->len, &opts, err);
	if (!spec)
		return ret ? ret : -EINVAL;
	if (has_object) {
		skep_write_open(&w, NULL, '{');
		skep_write_string(&w, "bpf_object", skep_text_string(&bytes));
		skep_write_number(&w, "bpf_object_size", object->len);
		write_meta(&w, "meta", p, spec);
		skep_write_close(&w);
	} else {
		write_meta(&w, NULL, p, spec);
	}
	if (!is_yaml)
		skep_text_char(out, '\n');
	skep_spec_free(spec);
	return out->failed || bytes.failed ? skep_error_nomem(err, SKEP_STAGE_DELIVER) : 0;
}

int skep_package_write_eunomia(const struct skep_package *package, bool is_yaml,
			       struct skep_text *out, struct skep_error *err)
{
	return write_package(package, is_yaml, true, out, err);
}

int skep_package_write_skel(const struct skep_package *package, bool is_yaml, struct skep_text *out,
			    struct skep_error *err)
{
	return write_package(package, is_yaml, false, out, err);
}

int skep_package_write_tar(const struct skep_package *package, struct skep_text *out,
			   struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text json = { 0 };
	const struct skep_package_object *object = skep_package_single(package, err);
	int ret = object ? skep_package_write_eunomia(package, false, &json, err) : -EINVAL;

	ret = ret ?: skep_package_write_btfs(package, "btfhub-archive/", out, err);
	ret = ret ?: skep_tar_write(out, package->name, object->data, object->len, err);
	ret = ret ?: skep_tar_write(out, "package.json", json.data, json.len, err);
	skep_tar_finish(out);
	return ret ?: out->failed ? skep_error_nomem(err, SKEP_STAGE_DELIVER) : 0;
}

/* In octal what C would read otherwise: "??=" is a trigraph, bytes beyond ASCII an encoding. */
int skep_package_write_header(const struct skep_package *package, struct skep_text *out,
			      struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text json = { 0 };
	int ret = skep_package_write_eunomia(package, false, &json, err);

	if (ret)
		return ret;
	skep_text_lit(out, "#ifndef EWASM_JSON_INCLUDE_H_\n#define EWASM_JSON_INCLUDE_H_\n\n"
			   "static const char program_data[] =");
	for (size_t i = 0; i + 1 < json.len; i++) {
		unsigned char c = (unsigned char)json.data[i];

		if (i % 76 == 0)
			skep_text_str(out, i ? "\"\n\t\"" : "\n\t\"");
		if (c < ' ' || c > '~' || c == '?')
			skep_text_printf(out, "\\%03o", c);
		else if (c == '"' || c == '\\')
			skep_text_printf(out, "\\%c", c);
		else
			skep_text_char(out, (char)c);
	}
	skep_text_lit(out, "\";\n\n#endif\n");
	return out->failed ? skep_error_nomem(err, SKEP_STAGE_DELIVER) : 0;
}
