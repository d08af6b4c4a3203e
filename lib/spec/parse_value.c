// SPDX-License-Identifier: MIT
#include "spec/parse_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "btf/kinds.h"

static int refuse(struct skep_error *err, int code, const char *text, const char *hint)
{
	skep_error_set(err, SKEP_STAGE_USAGE, code, "'%s' is not its value", text);
	skep_error_add_hint(err, "%s", hint);
	return -code;
}

/* A number in @size bytes of this machine's order; those above the eighth hold its sign. */
static void store(uint8_t *out, uint64_t value, bool negative, uint32_t size)
{
	uint8_t above = negative ? 0xff : 0;

	for (uint32_t i = 0; i < size; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		uint32_t at = i;
#else
		uint32_t at = size - 1 - i;
#endif
		out[at] = i < 8 ? (uint8_t)(value >> i * 8) : above;
	}
}

static int out_of_range(struct skep_error *err, const char *text, bool is_signed, uint32_t bits)
{
	char hint[96];

	if (is_signed)
		snprintf(hint, sizeof(hint), "its range is -%llu to %llu", 1ull << (bits - 1),
			 (1ull << (bits - 1)) - 1);
	else
		snprintf(hint, sizeof(hint), "its range is 0 to %llu",
			 bits >= 64 ? UINT64_MAX + 0ull : (1ull << bits) - 1);
	skep_error_set(err, SKEP_STAGE_USAGE, ERANGE, "%s is out of its range", text);
	skep_error_add_hint(err, "%s", hint);
	return -ERANGE;
}

/* A number with its sign apart, so that all of u64 and of s64 can be written. */
static bool read_number(const char *text, bool *negative, uint64_t *magnitude, bool *overflow)
{
	const char *digits = text + (*text == '-' || *text == '+');
	char *end;

	*negative = *text == '-';
	if (*digits < '0' || *digits > '9')
		return false;
	errno = 0;
	*magnitude = strtoull(digits, &end, 0);
	*overflow = errno == ERANGE;
	return !*end;
}

static bool fits(bool negative, uint64_t magnitude, bool is_signed, uint32_t bits)
{
	uint64_t most = bits >= 64 ? UINT64_MAX : (1ull << bits) - 1;

	if (!is_signed)
		return magnitude <= most && !(negative && magnitude);
	return magnitude <= most / 2 + (negative ? 1 : 0);
}

static int parse_int(const char *text, uint32_t size, bool is_signed, uint8_t *out,
		     struct skep_error *err)
{
	uint32_t bits = size >= 8 ? 64 : size * 8;
	bool negative, overflow;
	uint64_t magnitude;

	if (!size)
		return refuse(err, ENOTSUP, text, "its type has no size");
	if (text[0] == '\'' && text[1] && text[2] == '\'' && !text[3]) {
		store(out, (uint8_t)text[1], false, size);
		return 0;
	}
	if (!read_number(text, &negative, &magnitude, &overflow))
		return refuse(err, EINVAL, text, "give a number: 10, -3, 0x1f, or a character 'c'");
	if (overflow || !fits(negative, magnitude, is_signed, bits))
		return out_of_range(err, text, is_signed, bits);
	store(out, negative ? 0 - magnitude : magnitude, negative, size);
	return 0;
}

static int parse_bool(const char *text, uint32_t size, uint8_t *out, struct skep_error *err)
{
	static const char *const words[2][4] = {
		{ "false", "no", "off", "0" },
		{ "true", "yes", "on", "1" },
	};

	for (int value = 0; value < 2; value++)
		for (int i = 0; i < 4; i++)
			if (!strcmp(text, words[value][i])) {
				store(out, (uint64_t)value, false, size);
				return 0;
			}
	return refuse(err, EINVAL, text, "give true or false");
}

/* The enumerators, for a hint: the first ones of a long list. */
static int unknown_name(const struct skep_btf *btf, const struct btf_type *t, const char *text,
			struct skep_error *err)
{
	char hint[300] = "give a number or one of:";

	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const char *name = skep_btf_enumerator(btf, t, i);
		size_t len = strlen(hint);

		if (len + strlen(name) + 6 > sizeof(hint)) {
			snprintf(hint + len, sizeof(hint) - len, " ...");
			break;
		}
		snprintf(hint + len, sizeof(hint) - len, " %s", name);
	}
	return refuse(err, EINVAL, text, hint);
}

static bool enumerator(const struct skep_btf *btf, const struct btf_type *t, const char *text,
		       uint64_t *value)
{
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		if (strcmp(skep_btf_enumerator(btf, t, i), text))
			continue;
		*value = skep_btf_enumerator_value(t, i);
		return true;
	}
	return false;
}

static int parse_enum(const struct skep_btf *btf, const struct btf_type *t, const char *text,
		      uint8_t *out, struct skep_error *err)
{
	bool negative, overflow;
	uint64_t value;

	if (enumerator(btf, t, text, &value)) {
		store(out, value, false, t->size);
		return 0;
	}
	if (!read_number(text, &negative, &value, &overflow))
		return unknown_name(btf, t, text, err);
	return parse_int(text, t->size, BTF_INFO_KFLAG(t->info), out, err);
}

static int parse_float(const char *text, uint32_t size, uint8_t *out, struct skep_error *err)
{
	char *end;
	double wide = strtod(text, &end);
	float narrow = (float)wide;

	if (end == text || *end)
		return refuse(err, EINVAL, text, "give a number such as 0.5");
	if (size == sizeof(wide))
		memcpy(out, &wide, size);
	else if (size == sizeof(narrow))
		memcpy(out, &narrow, size);
	else
		return refuse(err, ENOTSUP, text, "only float and double can be set");
	return 0;
}

static bool is_char(const struct skep_btf *btf, uint32_t id)
{
	const struct btf_type *t = skep_btf_type(btf, skep_btf_resolve(btf, id));

	return t && skep_btf_kind(t) == BTF_KIND_INT && t->size == 1 &&
	       !strcmp(skep_btf_string(btf, t->name_off) ?: "", "char");
}

static int parse_string(const char *text, uint32_t size, uint8_t *out, struct skep_error *err)
{
	size_t len = strlen(text);

	if (len >= size) {
		skep_error_set(err, SKEP_STAGE_USAGE, ERANGE, "'%s' has %zu characters", text, len);
		skep_error_add_hint(err, "there is room for %u", size ? size - 1 : 0);
		return -ERANGE;
	}
	memcpy(out, text, len + 1);
	return 0;
}

/* Comma-separated elements, or none; those that are not given stay zero. */
static int parse_array(const struct skep_btf *btf, const struct btf_array *array, const char *text,
		       uint8_t *out, struct skep_error *err)
{
	int64_t size = skep_btf_sizeof(btf, array->type);

	if (size <= 0)
		return refuse(err, ENOTSUP, text, "arrays of this type cannot be set");
	text = *text ? text : NULL;
	for (uint32_t i = 0; text; i++) {
		size_t len = strcspn(text, ",");
		char element[64];
		int ret;

		if (i >= array->nelems || len >= sizeof(element)) {
			char hint[48];

			snprintf(hint, sizeof(hint), "there is room for %u values", array->nelems);
			return refuse(err, ERANGE, text, hint);
		}
		memcpy(element, text, len);
		element[len] = '\0';
		ret = skep_value_parse(btf, array->type, element, out + i * (uint64_t)size, err);
		if (ret)
			return ret;
		text = text[len] ? text + len + 1 : NULL;
	}
	return 0;
}

int skep_value_parse(const struct skep_btf *btf, uint32_t type_id, const char *text, uint8_t *out,
		     struct skep_error *err)
{
	const struct btf_type *t = skep_btf_type(btf, skep_btf_resolve(btf, type_id));
	uint32_t encoding;

	switch (t ? skep_btf_kind(t) : BTF_KIND_UNKN) {
	case BTF_KIND_INT:
		encoding = BTF_INT_ENCODING(skep_btf_int(t));
		if (encoding & BTF_INT_BOOL)
			return parse_bool(text, t->size, out, err);
		return parse_int(text, t->size, encoding & BTF_INT_SIGNED, out, err);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return parse_enum(btf, t, text, out, err);
	case BTF_KIND_FLOAT:
		return parse_float(text, t->size, out, err);
	case BTF_KIND_ARRAY:
		if (is_char(btf, skep_btf_array(t)->type))
			return parse_string(text, skep_btf_array(t)->nelems, out, err);
		/* One level: an array of arrays has no form on a command line. */
		if (skep_btf_kind(skep_btf_type(
			    btf, skep_btf_resolve(btf, skep_btf_array(t)->type))) == BTF_KIND_ARRAY)
			return refuse(err, ENOTSUP, text, "arrays of arrays cannot be set");
		return parse_array(btf, skep_btf_array(t), text, out, err);
	default:
		return refuse(err, ENOTSUP, text,
			      "only numbers, enums, bools, strings and arrays of them can be set");
	}
}
