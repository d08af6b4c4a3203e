// SPDX-License-Identifier: MIT
/* What comments say of the things that an object has. */
#include <errno.h>
#include <stdarg.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/near.h"
#include "package/build_docs.h"

static void place(const struct skep_said *w, size_t at, size_t *line, size_t *column)
{
	const char *text = w->b->docs.text;

	*line = *column = 1;
	for (size_t i = 0; i < at && i < w->b->docs.len; i++) {
		++*column;
		if (text[i] == '\n') {
			++*line;
			*column = 1;
		}
	}
}

static void warn_at(const struct skep_said *w, size_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void warn_at(const struct skep_said *w, size_t at, const char *fmt, ...)
{
	struct skep_error warning = { 0 };
	size_t line, column;
	char cause[256];
	va_list args;

	if (!w->b->opts->warn)
		return;
	va_start(args, fmt);
	vsnprintf(cause, sizeof(cause), fmt, args);
	va_end(args);
	place(w, at, &line, &column);
	skep_error_set(&warning, SKEP_STAGE_BUILD, EINVAL, "%s", cause);
	skep_error_add_source(&warning, "%s:%zu:%zu", w->b->opts->source, line, column);
	w->b->opts->warn(w->b->opts->ctx, &warning);
}

void skep_said_warn(const struct skep_said *w, const char *fmt, ...)
{
	char cause[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(cause, sizeof(cause), fmt, args);
	va_end(args);
	warn_at(w, w->doc->at, "@%s: %s", w->doc->key, cause);
}

json_t *skep_said_json(const struct skep_said *w, bool is_object)
{
	json_error_t error;
	json_t *value = json_loadb(w->b->docs.text + w->doc->at, w->doc->len,
				   JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);

	if (!value)
		warn_at(w, w->doc->at + (error.position > 0 ? (size_t)error.position - 1 : 0),
			"@%s is no JSON: %s", w->doc->key, error.text);
	if (!value || !is_object || json_is_object(value))
		return value;
	skep_said_warn(w, "a JSON object ({...}) is expected");
	json_decref(value);
	return NULL;
}

/* A string in quotation marks is what it says; anything else is text as it stands. */
const char *skep_said_string(const struct skep_said *w)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	const char *at = w->b->docs.text + w->doc->at;

	if (w->doc->len && *at == '"') {
		json_t *value = json_loadb(at, w->doc->len, JSON_DECODE_ANY, NULL);
		const char *copy = NULL;

		if (json_is_string(value))
			copy = skep_build_text(w->b, json_string_value(value),
					       json_string_length(value));
		json_decref(value);
		if (copy)
			return copy;
	}
	skep_docs_text(&w->b->docs, w->doc, &text);
	/* What is one paragraph is one line. */
	for (size_t i = 0; i < text.len && !strcmp(w->doc->key, "brief"); i++)
		text.data[i] = text.data[i] == '\n' ? ' ' : text.data[i];
	return skep_build_text(w->b, text.data ? text.data : "", text.len);
}

const char *skep_said_scalar(const struct skep_said *w, const json_t *value)
{
	const char *copy;
	char *text;

	if (json_is_string(value))
		return skep_build_text(w->b, json_string_value(value), json_string_length(value));
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	copy = text ? skep_build_text(w->b, text, strlen(text)) : NULL;
	free(text);
	return copy;
}

void skep_said_number(const struct skep_said *w, const char *name, const json_t *value,
		      uint32_t *number)
{
	if (json_is_integer(value) && json_integer_value(value) >= 0 &&
	    json_integer_value(value) <= UINT32_MAX)
		*number = (uint32_t)json_integer_value(value);
	else
		skep_said_warn(w, "%s is a number from 0 to %u", name, UINT32_MAX);
}

int skep_said_annotate(const struct skep_said *w, const char *kind)
{
	SKEP_SCOPED(skep_text_free) struct skep_text key = { 0 };
	struct skep_package_text_pair *pair;

	if (kind)
		skep_text_printf(&key, "%s %s/%s", kind, w->doc->name, w->doc->key);
	else
		skep_text_str(&key, w->doc->key);
	skep_text_string(&key);
	skep_vec_for_each(&w->b->package->annotations, it)
		if (!strcmp(it->key, key.data)) {
			skep_said_warn(w, "it is said twice; the first counts");
			return 0;
		}
	pair = skep_vec_push(&w->b->package->annotations);
	if (!pair)
		return skep_error_nomem(w->b->err, SKEP_STAGE_BUILD);
	pair->key = skep_build_text(w->b, key.data, key.len);
	/* A word that stands alone is true, as a flag would be. */
	pair->value = w->doc->len ? skep_said_string(w) : "true";
	return pair->key && pair->value ? 0 : -ENOMEM;
}

static int set_text(const struct skep_said *w, const char **text)
{
	if (*text)
		return 0;
	*text = skep_said_string(w);
	return *text ? 0 : -ENOMEM;
}

/* The licence's variable, or the file's own comment. */
static int apply_file(const struct skep_said *w)
{
	struct skep_package *p = w->b->package;
	const struct {
		const char *key;
		const char **text;
	} texts[] = { { "brief", &p->brief },
		      { "details", &p->details },
		      { "description", &p->description },
		      { "version", &p->version },
		      { "min_kernel", &p->min_kernel } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!strcmp(texts[i].key, w->doc->key))
			return set_text(w, texts[i].text);
	/* The marks of SPDX and of Doxygen for a file say nothing that is kept. */
	return strcmp(w->doc->key, "file") ? skep_said_annotate(w, NULL) : 0;
}

static bool is_licence(const struct skep_spec *spec, const char *name)
{
	uint32_t section = skep_btf_find(spec->btf, "license", BTF_KIND_DATASEC);
	const struct btf_type *t = skep_btf_type(spec->btf, section);

	for (uint16_t i = 0; section && i < skep_btf_vlen(t); i++)
		if (!strcmp(skep_btf_name(spec->btf, skep_btf_secinfos(t)[i].type), name))
			return true;
	return false;
}

static int apply(const struct skep_said *w)
{
	const struct skep_spec *spec = w->b->spec;
	const char *name = w->doc->name;
	const struct skep_global_spec *global = name ? skep_spec_global(spec, name) : NULL;

	if (!name || is_licence(spec, name))
		return apply_file(w);
	if (global)
		return skep_said_apply_global(w, global);
	if (skep_spec_map(spec, name))
		return skep_said_apply_map(w);
	if (skep_spec_program(spec, name))
		return skep_said_apply_program(w);
	return skep_said_annotate(w, "struct");
}

int skep_build_docs(struct skep_building *b)
{
	int ret = 0;

	for (size_t i = 0; i < b->docs.items.len && !ret; i++) {
		const struct skep_said w = { .b = b, .doc = &b->docs.items.items[i] };

		ret = apply(&w);
		if (ret == -ENOMEM)
			skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	}
	return ret;
}
