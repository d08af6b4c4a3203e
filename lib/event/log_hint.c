// SPDX-License-Identifier: MIT
/* Values by the letters behind "%p", and strings. */
#include "event/log.h"

#include <string.h>

#include "base/readable.h"

/* Why nothing could be read: what the helper returned. */
static bool write_failure(const struct skep_log_value *value, struct skep_text *out)
{
	if (!value->bytes || value->number >= 0)
		return false;
	skep_text_printf(out, "<%s>",
			 skep_errno_name(value->number < -4095 ? 0 : (int)value->number));
	return true;
}

void skep_log_write_string(const struct skep_log_value *value, int precision, struct skep_text *out)
{
	size_t len = value->bytes ? strnlen(value->bytes, value->len) : 0;

	if (write_failure(value, out))
		return;
	if (precision >= 0 && len > (size_t)precision)
		len = (size_t)precision;
	skep_text_bytes(out, value->bytes, len);
}

static void write_bytes(const struct skep_log_value *value, int64_t len, char separator,
			struct skep_text *out)
{
	const uint8_t *bytes = value->bytes;
	size_t n = len >= 0 && (uint64_t)len < value->len ? (size_t)len : value->len;

	if (write_failure(value, out))
		return;
	skep_write_octets(bytes, n, separator, out);
}

static bool has(const struct skep_log_value *value, size_t len, struct skep_text *out)
{
	if (value->bytes && value->len >= len)
		return true;
	skep_text_lit(out, "<none>");
	return false;
}

static void write_address(size_t len, const struct skep_log_value *value, struct skep_text *out)
{
	if (has(value, len, out))
		skep_write_address(value->bytes, len, out);
}

static void write_port(const struct skep_log_value *value, struct skep_text *out)
{
	const uint8_t *bytes = value->bytes;

	if (has(value, 2, out))
		skep_text_u64(out, (uint64_t)(bytes[0] << 8 | bytes[1]));
}

static void write_mac(const struct skep_log_value *value, struct skep_text *out)
{
	if (has(value, 6, out))
		skep_write_octets(value->bytes, 6, ':', out);
}

static void write_symbol(uint64_t address, bool with_offset, const struct skep_log_env *env,
			 struct skep_text *out)
{
	if (!env->symbol || !env->symbol(env->ctx, address, with_offset, out))
		skep_text_hex(out, address);
}

static char separator_of(const char **hint)
{
	static const char letters[] = "CDN", separators[] = { ':', '-', '\0' };
	const char *found = **hint ? strchr(letters, **hint) : NULL;

	if (!found)
		return ' ';
	++*hint;
	return separators[found - letters];
}

void skep_log_write_hint(const char **hint, const struct skep_log_value *value, int64_t len,
			 const struct skep_log_env *env, struct skep_text *out)
{
	char letter = **hint;

	*hint += letter && strchr("IMPhesSTtku", letter);
	/* The second letter of those that have one. */
	if (letter == 'I') {
		bool is_v4 = **hint == '4';

		*hint += **hint != '\0';
		*hint += !is_v4 && **hint == 'c';
		write_address(is_v4 ? 4 : 16, value, out);
	} else if (letter == 'k' || letter == 'u') {
		*hint += **hint == 's';
		skep_log_write_string(value, -1, out);
	} else if (letter == 'h') {
		write_bytes(value, len, separator_of(hint), out);
	} else if (letter == 'M') {
		write_mac(value, out);
	} else if (letter == 'P') {
		write_port(value, out);
	} else if (letter == 'e') {
		skep_write_errno(value->number, out);
	} else if (letter == 'T') {
		skep_write_clock((uint64_t)(value->number + env->realtime), out);
	} else if (letter == 't') {
		skep_write_span(value->number, out);
	} else if (letter == 's' || letter == 'S') {
		write_symbol((uint64_t)value->number, letter == 'S', env, out);
	} else {
		skep_text_hex(out, (uint64_t)value->number);
	}
}
