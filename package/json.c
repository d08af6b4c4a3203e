// SPDX-License-Identifier: MIT
#include "package/json.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/error.h"

/*
 * jansson goes as deep as its input does, and needs a hundred bytes for a value: both are limited
 * before it sees anything. What is no JSON at all is left for it to tell.
 */
static int check_limits(const char *text, size_t len, struct skep_error *err)
{
	size_t n_values = 1, depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"') {
			for (i++; i < len && text[i] != '"'; i++)
				i += text[i] == '\\';
		} else if (text[i] == '[' || text[i] == '{') {
			if (++depth > SKEP_TREE_DEPTH)
				return skep_error_set(err, SKEP_STAGE_READ, E2BIG,
						      "the JSON is nested more than %d deep, at "
						      "byte %zu",
						      SKEP_TREE_DEPTH, i);
			n_values++;
		} else if (text[i] == ']' || text[i] == '}') {
			depth -= depth > 0;
		} else if (text[i] == ',' && ++n_values > SKEP_TREE_VALUES) {
			return skep_error_set(err, SKEP_STAGE_READ, E2BIG,
					      "the JSON has more than %u values", SKEP_TREE_VALUES);
		}
	}
	return 0;
}

int skep_tree_parse(const char *text, size_t len, json_t **json, struct skep_error *err)
{
	json_error_t why;
	int ret = check_limits(text, len, err);

	*json = ret ? NULL : json_loadb(text, len, 0, &why);
	if (ret || *json)
		return ret;
	if (json_error_code(&why) == json_error_out_of_memory)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "it is no JSON: line %d, column %d: %s",
			      why.line, why.column, why.text);
}

int skep_tree_wrong(struct skep_tree_reader *r, const char *key, const char *fmt, ...)
{
	char what[256];
	va_list args;

	if (r->failed)
		return r->failed;
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	r->failed = skep_error_set(r->err, SKEP_STAGE_READ, EINVAL, "%s", what);
	if (r->where[0] || key)
		skep_error_add_subject(r->err, "'%s%s%s'", r->where, r->where[0] && key ? "." : "",
				       key ? key : "");
	return r->failed;
}

void skep_tree_enter(struct skep_tree_reader *r, char outer[160], const char *fmt, ...)
{
	size_t len = strlen(r->where);
	va_list args;

	memcpy(outer, r->where, sizeof(r->where));
	if (len && len + 1 < sizeof(r->where)) {
		r->where[len++] = '.';
		r->where[len] = '\0';
	}
	va_start(args, fmt);
	vsnprintf(r->where + len, sizeof(r->where) - len, fmt, args);
	va_end(args);
}

void skep_tree_leave(struct skep_tree_reader *r, const char outer[160])
{
	memcpy(r->where, outer, sizeof(r->where));
}

void skep_tree_nomem(struct skep_tree_reader *r)
{
	if (!r->failed)
		r->failed = skep_error_nomem(r->err, SKEP_STAGE_READ);
}

static const char *type_name(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a truth value";
	default:
		return "null";
	}
}

/* The member if it is there, not null, and the reader has not failed. */
static json_t *member(const struct skep_tree_reader *r, const json_t *object, const char *key)
{
	json_t *value = r->failed ? NULL : json_object_get(object, key);

	return value && !json_is_null(value) ? value : NULL;
}

static void wrong_type(struct skep_tree_reader *r, const char *key, const json_t *value,
		       const char *expected)
{
	skep_tree_wrong(r, key, "it is %s, not %s", type_name(value), expected);
}

static const char *copy(struct skep_tree_reader *r, const char *s, size_t len)
{
	const char *text = skep_arena_string(r->arena, s, len);

	if (!text)
		skep_tree_nomem(r);
	return text;
}

void skep_tree_string(struct skep_tree_reader *r, const json_t *object, const char *key,
		      const char **value)
{
	const json_t *m = member(r, object, key);

	if (m && !json_is_string(m))
		wrong_type(r, key, m, "a string");
	else if (m)
		*value = copy(r, json_string_value(m), json_string_length(m));
}

void skep_tree_letter(struct skep_tree_reader *r, const json_t *object, const char *key,
		      char *letter)
{
	const char *text = NULL;

	skep_tree_string(r, object, key, &text);
	if (r->failed || !text || !*text)
		return;
	if (text[1] || !isalnum((unsigned char)*text))
		skep_tree_wrong(r, key, "'%s' is not one letter or digit", text);
	else
		*letter = *text;
}

void skep_tree_name(struct skep_tree_reader *r, const json_t *object, const char **name)
{
	skep_tree_string(r, object, "name", name);
	if (!r->failed && (!*name || !**name))
		skep_tree_wrong(r, "name", "it is missing");
}

void skep_tree_number(struct skep_tree_reader *r, const json_t *object, const char *key,
		      uint32_t min, uint32_t max, uint32_t *value)
{
	const json_t *m = member(r, object, key);

	if (!m)
		return;
	if (!json_is_integer(m))
		wrong_type(r, key, m, "a whole number");
	else if (json_integer_value(m) < min || json_integer_value(m) > max)
		skep_tree_wrong(r, key, "%lld is not between %u and %u",
				(long long)json_integer_value(m), min, max);
	else
		*value = (uint32_t)json_integer_value(m);
}

void skep_tree_flag(struct skep_tree_reader *r, const json_t *object, const char *key, bool *value)
{
	const json_t *m = member(r, object, key);

	if (m && !json_is_boolean(m))
		wrong_type(r, key, m, "a truth value");
	else if (m)
		*value = json_is_true(m);
}

json_t *skep_tree_object(struct skep_tree_reader *r, const json_t *object, const char *key)
{
	json_t *m = member(r, object, key);

	if (!m || json_is_object(m))
		return m;
	wrong_type(r, key, m, "an object");
	return NULL;
}

json_t *skep_tree_list(struct skep_tree_reader *r, const json_t *object, const char *key)
{
	json_t *m = member(r, object, key);

	if (!m)
		return NULL;
	if (!json_is_array(m)) {
		wrong_type(r, key, m, "a list");
		return NULL;
	}
	if (json_array_size(m) > SKEP_TREE_LIST) {
		skep_tree_wrong(r, key, "it has %zu elements; at most %u are taken",
				json_array_size(m), SKEP_TREE_LIST);
		return NULL;
	}
	return m;
}

static const char *list_text(struct skep_tree_reader *r, const json_t *list)
{
	struct skep_text text = { 0 };
	const char *result = NULL;
	const json_t *element;
	size_t i;

	json_array_foreach(list, i, element)
	{
		const char *part = skep_tree_text(r, element);

		if (i)
			skep_text_char(&text, ',');
		skep_text_str(&text, part ? part : "");
	}
	if (!text.failed)
		result = copy(r, text.len ? text.data : "", text.len);
	else
		skep_tree_nomem(r);
	skep_text_free(&text);
	return result;
}

const char *skep_tree_text(struct skep_tree_reader *r, const json_t *value)
{
	const char *text;
	char *dump;

	if (json_is_string(value))
		return copy(r, json_string_value(value), json_string_length(value));
	if (json_is_array(value))
		return list_text(r, value);
	dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	text = dump ? copy(r, dump, strlen(dump)) : NULL;
	if (!dump)
		skep_tree_nomem(r);
	free(dump);
	return text;
}
