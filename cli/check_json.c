// SPDX-License-Identifier: MIT
#include "cli/check_json.h"

#include "base/readable.h"
#include "base/sha256.h"

/* "name":"text" with a comma before it unless it is the first. */
static void put(struct skep_text *out, const char *name, const char *text)
{
	if (!text)
		return;
	skep_text_printf(out, "%s\"%s\":", out->data[out->len - 1] == '{' ? "" : ",", name);
	skep_text_json_string(out, text, strlen(text));
}

static void put_number(struct skep_text *out, const char *name, uint64_t number)
{
	skep_text_printf(out, "%s\"%s\":%llu", out->data[out->len - 1] == '{' ? "" : ",", name,
			 (unsigned long long)number);
}

static void open_list(struct skep_text *out, const char *name)
{
	skep_text_printf(out, "%s\"%s\":[", out->data[out->len - 1] == '{' ? "" : ",", name);
}

static void open_item(struct skep_text *out)
{
	skep_text_str(out, out->data[out->len - 1] == '[' ? "{" : ",{");
}

static void write_objects(struct skep_text *out, const struct skep_package *package)
{
	open_list(out, "objects");
	skep_vec_for_each(&package->objects, object) {
		uint8_t digest[SKEP_SHA256_LEN];

		skep_sha256(object->data, object->len, digest);
		open_item(out);
		put(out, "machine", object->machine);
		put(out, "byte_order", object->is_big_endian ? "big" : "little");
		put_number(out, "size", object->len);
		skep_text_lit(out, ",\"digest\":\"sha256:");
		skep_write_octets(digest, sizeof(digest), '\0', out);
		skep_text_lit(out, "\"}");
	}
	skep_text_char(out, ']');
}

static void write_options(struct skep_text *out, const struct skep_package *package)
{
	open_list(out, "options");
	skep_vec_for_each(&package->options, option) {
		char letter[2] = { option->short_name, 0 };

		open_item(out);
		put(out, "variable", option->variable);
		put(out, "section", option->section);
		put(out, "type", option->type);
		put(out, "long", option->long_name);
		put(out, "short", option->short_name ? letter : NULL);
		put(out, "help", option->help);
		put(out, "default", option->default_value);
		put(out, "value", option->value);
		skep_text_char(out, '}');
	}
	skep_text_char(out, ']');
}

static void write_maps(struct skep_text *out, const struct skep_package *package)
{
	static const char *const samples[] = { NULL, "key-value", "log2", "linear" };
	static const char *const exports[] = { NULL, "none", "value-type", "type", "members" };

	open_list(out, "maps");
	skep_vec_for_each(&package->maps, map) {
		open_item(out);
		put(out, "name", map->name);
		put(out, "sample", samples[map->sample.kind]);
		if (map->sample.kind)
			put_number(out, "interval_ms", map->sample.interval_ms);
		put(out, "export", exports[map->export_kind]);
		if (map->type_id)
			put_number(out, "type_id", map->type_id);
		skep_text_str(out, map->is_stack ? ",\"stack\":true}" : "}");
	}
	skep_text_char(out, ']');
}

static void write_programs(struct skep_text *out, const struct skep_spec *spec)
{
	open_list(out, "programs");
	for (size_t i = 0; i < spec->n_programs; i++) {
		open_item(out);
		put(out, "name", spec->programs[i]->name);
		put(out, "section", spec->programs[i]->section);
		skep_text_char(out, '}');
	}
	skep_text_char(out, ']');
}

static void write_exports(struct skep_text *out, const struct skep_package *package)
{
	open_list(out, "exports");
	skep_vec_for_each(&package->exports, export) {
		open_item(out);
		put(out, "name", export->name);
		put_number(out, "type_id", export->type_id);
		skep_text_char(out, '}');
	}
	skep_text_char(out, ']');
}

static void write_rest(struct skep_text *out, const struct skep_package *package)
{
	open_list(out, "kernel_types");
	skep_vec_for_each(&package->btfs, btf) {
		open_item(out);
		put(out, "path", btf->path);
		skep_text_char(out, '}');
	}
	skep_text_lit(out, "],\"annotations\":[");
	skep_vec_for_each(&package->annotations, pair) {
		open_item(out);
		put(out, "name", pair->key);
		put(out, "value", pair->value);
		skep_text_char(out, '}');
	}
	skep_text_char(out, ']');
}

void check_write_json(struct skep_text *out, const struct skep_package *package,
		      const struct skep_spec *spec)
{
	skep_text_char(out, '{');
	if (out->failed)
		return;
	put(out, "name", package->name);
	put(out, "version", package->version);
	put(out, "brief", package->brief);
	put(out, "description", package->description);
	put(out, "details", package->details);
	put(out, "licence", package->licence ? package->licence : spec->license);
	put(out, "kernel", package->min_kernel);
	open_list(out, "features");
	skep_vec_for_each(&package->features, feature) {
		skep_text_str(out, out->data[out->len - 1] == '[' ? "" : ",");
		skep_text_json_string(out, *feature, strlen(*feature));
	}
	skep_text_char(out, ']');
	write_objects(out, package);
	write_programs(out, spec);
	write_options(out, package);
	write_maps(out, package);
	write_exports(out, package);
	write_rest(out, package);
	skep_text_lit(out, "}\n");
}
