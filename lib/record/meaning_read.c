// SPDX-License-Identifier: MIT
/* Values with a meaning: what meaning.c writes, the other way round. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/readable.h"
#include "record/number.h"
#include "record/store.h"

#define MOST_NAMED 4095 /* error numbers; signals are fewer */

static const char *wanted(const struct skep_node *node)
{
	switch ((enum skep_meaning)node->meaning) {
	case SKEP_MEANING_IPV4:
		return "give an address: \"192.0.2.1\"";
	case SKEP_MEANING_IPV6:
		return "give an address: \"2001:db8::1\"";
	case SKEP_MEANING_IP:
		return node->size == 4 ? "give an address: \"192.0.2.1\"" :
					 "give an address: \"2001:db8::1\", \"::ffff:192.0.2.1\"";
	case SKEP_MEANING_MAC:
		return "give six bytes: \"0a:1b:2c:3d:4e:5f\"";
	case SKEP_MEANING_PORT:
		return "give a number from 0 to 65535";
	case SKEP_MEANING_TIME:
	case SKEP_MEANING_BOOT_TIME:
	case SKEP_MEANING_WALL_TIME:
		return "give nanoseconds, or a time: \"2026-01-31T12:30:01Z\"";
	case SKEP_MEANING_ERRNO:
		return "give a number, or a name: \"ENOENT\"";
	case SKEP_MEANING_SIGNAL:
		return "give a number, or a name: \"SIGKILL\"";
	case SKEP_MEANING_OCTAL:
		return "give a number, or one in octal: \"0644\"";
	case SKEP_MEANING_UID:
	case SKEP_MEANING_GID:
		return "give a number, or a name that this machine knows: \"root\"";
	case SKEP_MEANING_IFINDEX:
		return "give a number, or the name of an interface: \"lo\"";
	case SKEP_MEANING_CGROUP:
		return "give a number, or the path of a cgroup: \"/system.slice\"";
	case SKEP_MEANING_CONTAINER:
		return "give the number of its cgroup";
	case SKEP_MEANING_DEVICE:
		return "give a number, or major and minor: \"8:1\"";
	case SKEP_MEANING_SYSCALL:
		return "give a number, or a name: \"openat\"";
	case SKEP_MEANING_MODE:
		return "give a number, or one in octal, or letters: \"-rw-r--r--\"";
	case SKEP_MEANING_OPEN_FLAGS:
		return "give a number, or names: \"O_WRONLY|O_CREAT\"";
	case SKEP_MEANING_FLAGS:
		return "give a number, or names with '|' between them";
	default:
		return skep_node_wanted(node);
	}
}

static int refuse(const struct skep_node *node, const struct skep_json_scan *s, const char *begin,
		  const char *text, size_t len)
{
	return skep_json_refuse(s, begin, EINVAL, wanted(node), "'%.*s' is not its value",
				(int)(len < 48 ? len : 48), text);
}

static bool read_address(const struct skep_node *node, const char *text, uint8_t *at)
{
	uint8_t bytes[16];

	if (inet_pton(node->size == 4 ? AF_INET : AF_INET6, text, bytes) != 1)
		return false;
	memcpy(at, bytes, node->size);
	return true;
}

static bool read_mac(const char *text, size_t len, uint8_t *at)
{
	uint8_t bytes[6];

	if (len != strlen("0a:1b:2c:3d:4e:5f"))
		return false;
	for (size_t i = 0; i < 6; i++) {
		unsigned int high = skep_number_digit(text[i * 3]),
			     low = skep_number_digit(text[i * 3 + 1]);

		if (high > 15 || low > 15 || (i < 5 && text[i * 3 + 2] != ':'))
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	memcpy(at, bytes, sizeof(bytes));
	return true;
}

static bool read_port(const char *text, uint8_t *at)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || port > UINT16_MAX)
		return false;
	at[0] = (uint8_t)(port >> 8);
	at[1] = (uint8_t)port;
	return true;
}

/* RFC 3339 in UTC, with up to nine digits of a second. */
static bool read_instant(const struct skep_node *node, const char *text, uint8_t *at)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	uint64_t ns = 0, unit = 100000000;

	if (!rest)
		return false;
	if (*rest == '.')
		for (rest++; *rest >= '0' && *rest <= '9' && unit; unit /= 10)
			ns += (uint64_t)(*rest++ - '0') * unit;
	if (strcmp(rest, "Z") != 0)
		return false;
	ns += (uint64_t)timegm(&tm) * 1000000000;
	skep_number_store(node, at, ns - skep_node_clock(node));
	return true;
}

static bool read_meaning(const struct skep_node *node, const char *text, size_t len, uint8_t *at)
{
	switch ((enum skep_meaning)node->meaning) {
	case SKEP_MEANING_IPV4:
	case SKEP_MEANING_IPV6:
	case SKEP_MEANING_IP:
		return read_address(node, text, at);
	case SKEP_MEANING_MAC:
		return read_mac(text, len, at);
	case SKEP_MEANING_PORT:
		return read_port(text, at);
	case SKEP_MEANING_TIME:
	case SKEP_MEANING_BOOT_TIME:
	case SKEP_MEANING_WALL_TIME:
		return read_instant(node, text, at);
	default:
		return false;
	}
}

/* As the decimal number that it is, so that its range is checked as that of all others. */
static int store(const struct skep_node *node, const struct skep_json_scan *s, const char *begin,
		 uint64_t value, uint8_t *at)
{
	bool is_signed = node->kind == SKEP_NODE_ENUM && node->names->is_signed;
	char decimal[24];

	if (is_signed)
		snprintf(decimal, sizeof(decimal), "%lld", (long long)value);
	else
		snprintf(decimal, sizeof(decimal), "%llu", (unsigned long long)value);
	return skep_number_read(node, s, begin, decimal, strlen(decimal), false, at);
}

static int read_octal(const struct skep_node *node, const struct skep_json_scan *s,
		      const char *begin, const char *text, uint8_t *at)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 8);
	if (*end || errno)
		return refuse(node, s, begin, text, strlen(text));
	return store(node, s, begin, value, at);
}

int skep_meaning_read(const struct skep_node *node, const struct skep_json_scan *s,
		      const char *begin, const struct skep_text *value, bool is_string, uint8_t *at)
{
	SKEP_SCOPED(skep_text_free) struct skep_text copy = { 0 };
	bool is_number = skep_number_is_one(value->data, value->len);
	bool may_be_octal = is_string && (node->meaning == SKEP_MEANING_OCTAL ||
					  node->meaning == SKEP_MEANING_MODE);
	const char *text;
	uint64_t number;

	skep_text_bytes(&copy, value->data, value->len);
	text = skep_text_string(&copy);
	/* A number could be meant as any of the forms; only ports have another than its bytes. */
	if ((is_string || node->meaning == SKEP_MEANING_PORT) &&
	    read_meaning(node, text, value->len, at))
		return 0;
	/* Digits are a number, though a user may be called so. */
	if (is_string && !is_number && skep_meaning_number(node, text, &number))
		return store(node, s, begin, number, at);
	if (may_be_octal && text[0] == '0' && text[1] >= '0' && text[1] <= '9')
		return read_octal(node, s, begin, text, at);
	if (!is_number || node->kind == SKEP_NODE_BYTES)
		return refuse(node, s, begin, text, value->len);
	return skep_number_read(node, s, begin, value->data, value->len, is_string, at);
}
