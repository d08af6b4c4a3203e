// SPDX-License-Identifier: MIT
/* The pieces of a description: each is found first, and read when its type is known. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/test/describe.h"
#include "record/scan.h"

#define MAX_DEPTH 64

static struct skep_json_scan scan_of(const struct description *d, const struct slice *slice,
				     struct skep_error *err)
{
	return (struct skep_json_scan){ .at = slice->at,
					.end = slice->at + slice->len,
					.begin = d->text,
					.source = d->path,
					.err = err };
}

int describe_refuse(const struct description *d, const struct slice *slice, const char *hint,
		    struct skep_error *err, const char *fmt, ...)
{
	const struct skep_json_scan s = scan_of(d, slice, err);
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return skep_json_refuse(&s, slice->at, EINVAL, hint, "%s", text);
}

/* Steps over a value of any kind. */
static int skip(struct skep_json_scan *s, unsigned int depth)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	enum skep_json_kind kind = skep_json_peek(s);
	bool is_object = kind == SKEP_JSON_OBJECT;
	const char *token;
	size_t len;
	int ret = 0;

	if (kind == SKEP_JSON_STRING)
		return skep_json_string(s, &text);
	if (kind != SKEP_JSON_OBJECT && kind != SKEP_JSON_ARRAY)
		return skep_json_token(s, &token, &len);
	if (depth == MAX_DEPTH)
		return skep_json_refuse(s, s->at, EINVAL, NULL, "it is nested too deeply");
	s->at++;
	if (skep_json_take(s, is_object ? '}' : ']'))
		return 0;
	do {
		skep_text_reset(&text);
		if (is_object)
			ret = skep_json_string(s, &text) ?: skep_json_expect(s, ':');
		ret = ret ?: skip(s, depth + 1);
	} while (!ret && skep_json_take(s, ','));
	return ret ?: skep_json_expect(s, is_object ? '}' : ']');
}

static int read_slice(struct skep_json_scan *s, struct slice *slice)
{
	int ret;

	skep_json_peek(s);
	slice->at = s->at;
	ret = skip(s, 0);
	slice->len = (size_t)(s->at - slice->at);
	return ret;
}

int describe_members(const struct description *d, const struct slice *slice, describe_member_fn fn,
		     void *ctx, struct skep_error *err)
{
	struct skep_json_scan s = scan_of(d, slice, err);
	int ret = skep_json_expect(&s, '{');

	if (ret || skep_json_take(&s, '}'))
		return ret;
	do {
		SKEP_SCOPED(skep_text_free) struct skep_text name = { 0 };
		struct slice value;

		skep_json_peek(&s);
		ret = skep_json_string(&s, &name)	?:
			      skep_json_expect(&s, ':') ?:
							  read_slice(&s, &value);
		ret = ret ?: fn(ctx, skep_text_string(&name), &value, err);
	} while (!ret && skep_json_take(&s, ','));
	return ret ?: skep_json_expect(&s, '}');
}

int describe_elements(const struct description *d, const struct slice *slice,
		      describe_element_fn fn, void *ctx, struct skep_error *err)
{
	struct skep_json_scan s = scan_of(d, slice, err);
	int ret = skep_json_expect(&s, '[');

	if (ret || skep_json_take(&s, ']'))
		return ret;
	for (size_t i = 0; !ret; i++) {
		struct slice value;

		ret = read_slice(&s, &value) ?: fn(ctx, i, &value, err);
		if (ret || !skep_json_take(&s, ','))
			break;
	}
	return ret ?: skep_json_expect(&s, ']');
}

struct fields {
	const struct description *d;
	const struct describe_field *fields;
	size_t n;
};

static int unknown_field(const struct fields *f, const char *name, const struct slice *value,
			 struct skep_error *err)
{
	char hint[256] = "allowed:";

	for (size_t i = 0; i < f->n; i++)
		snprintf(hint + strlen(hint), sizeof(hint) - strlen(hint), " %s",
			 f->fields[i].name);
	return describe_refuse(f->d, value, hint, err, "there is no member '%s'", name);
}

static int take_field(void *ctx, const char *name, const struct slice *value,
		      struct skep_error *err)
{
	const struct fields *f = ctx;

	for (size_t i = 0; i < f->n; i++) {
		if (strcmp(f->fields[i].name, name))
			continue;
		*f->fields[i].slice = *value;
		return 0;
	}
	return unknown_field(f, name, value, err);
}

int describe_fields(const struct description *d, const struct slice *slice,
		    const struct describe_field *fields, size_t n, struct skep_error *err)
{
	struct fields f = { d, fields, n };
	int ret = describe_members(d, slice, take_field, &f, err);

	for (size_t i = 0; !ret && i < n; i++)
		if (fields[i].is_needed && !fields[i].slice->at)
			ret = describe_refuse(d, slice, NULL, err, "the member '%s' is missing",
					      fields[i].name);
	return ret;
}

int describe_string(const struct description *d, const struct slice *slice, char **string,
		    struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	struct skep_json_scan s = scan_of(d, slice, err);

	if (skep_json_peek(&s) != SKEP_JSON_STRING)
		return describe_refuse(d, slice, NULL, err, "a string is wanted here");
	if (skep_json_string(&s, &text))
		return -EINVAL;
	*string = strdup(skep_text_string(&text));
	return *string ? 0 : skep_error_nomem(err, SKEP_STAGE_READ);
}

/* What comes before is blanked out, so that lines and columns are those of the file. */
int describe_read(const struct description *d, const struct slice *slice,
		  const struct skep_btf *btf, uint32_t type_id, void *out, size_t size,
		  struct skep_error *err)
{
	size_t before = (size_t)(slice->at - d->text), len = before + slice->len;
	SKEP_SCOPED(skep_scoped_free) char *text = malloc(len + 1);
	struct skep_schema *schema = skep_schema_new(btf, type_id, NULL, err);
	int ret = -EINVAL;

	if (text && schema) {
		memcpy(text, d->text, len);
		for (size_t i = 0; i < before; i++)
			text[i] = text[i] == '\n' ? '\n' : ' ';
		ret = skep_record_read_json(schema, text, len, d->path, out, size, err);
	} else if (schema) {
		ret = skep_error_nomem(err, SKEP_STAGE_READ);
	}
	skep_schema_free(schema);
	return ret;
}

static bool find_enumerator(const struct skep_btf *btf, const char *name, int64_t *number)
{
	uint32_t count = btf ? skep_btf_count(btf) : 0;

	for (uint32_t id = 1; id < count; id++) {
		const struct btf_type *t = skep_btf_type(btf, id);

		if (!t || skep_btf_kind(t) != BTF_KIND_ENUM)
			continue;
		for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
			const struct btf_enum *e = &skep_btf_enums(t)[i];

			*number = e->val;
			if (!strcmp(skep_btf_string(btf, e->name_off) ?: "", name))
				return true;
		}
	}
	return false;
}

/* Verdicts that are macros, and so in no BTF (linux/pkt_cls.h, linux/netfilter.h). */
static bool find_macro(const char *name, int64_t *number)
{
	static const struct {
		const char *name;
		int number;
	} macros[] = {
		{ "TC_ACT_UNSPEC", -1 }, { "TC_ACT_OK", 0 },	 { "TC_ACT_RECLASSIFY", 1 },
		{ "TC_ACT_SHOT", 2 },	 { "TC_ACT_PIPE", 3 },	 { "TC_ACT_STOLEN", 4 },
		{ "TC_ACT_QUEUED", 5 },	 { "TC_ACT_REPEAT", 6 }, { "TC_ACT_REDIRECT", 7 },
		{ "TC_ACT_TRAP", 8 },	 { "NF_DROP", 0 },	 { "NF_ACCEPT", 1 },
	};

	for (size_t i = 0; i < sizeof(macros) / sizeof(macros[0]); i++) {
		if (strcmp(macros[i].name, name))
			continue;
		*number = macros[i].number;
		return true;
	}
	return false;
}

int describe_number(const struct description *d, const struct slice *slice,
		    const struct skep_btf *btf, int64_t *number, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *name = NULL;
	char digits[32], *end;

	if (*slice->at == '"') {
		if (describe_string(d, slice, &name, err) || !name)
			return -EINVAL;
		if (find_macro(name, number) || find_enumerator(btf, name, number) ||
		    (btf && find_enumerator(skep_btf_kernel(NULL), name, number)))
			return 0;
		return describe_refuse(d, slice, "give a number, or a name such as XDP_DROP", err,
				       "neither the object nor the kernel has a '%s'", name);
	}
	snprintf(digits, sizeof(digits), "%.*s", (int)slice->len, slice->at);
	errno = 0;
	*number = strtoll(digits, &end, 10);
	if (*end || end == digits || errno || slice->len >= sizeof(digits))
		return describe_refuse(d, slice, NULL, err, "a whole number is wanted here");
	return 0;
}
