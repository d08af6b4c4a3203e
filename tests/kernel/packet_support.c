// SPDX-License-Identifier: MIT
#include "kernel/packet_support.h"

#include <errno.h>

static struct skep_object *object;
static struct skep_spec *spec;

int packet_setup(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	if (!bpf_is_allowed())
		return 0;
	spec = open_fixture("bpf_packet");
	object = skep_object_load(spec, NULL, &err);
	assert_ok(object, &err);
	return 0;
}

int packet_teardown(void **state)
{
	(void)state;
	skep_object_close(object);
	skep_spec_free(spec);
	return 0;
}

struct skep_object *packet_object(void)
{
	return object;
}

void put(struct packet *p, const void *bytes, size_t len)
{
	assert_true(p->len + len <= sizeof(p->bytes));
	if (len)
		memcpy(p->bytes + p->len, bytes, len);
	p->len += len;
}

void put8(struct packet *p, unsigned int value)
{
	put(p, (const uint8_t[]){ (uint8_t)value }, 1);
}

void put16(struct packet *p, unsigned int value)
{
	put8(p, value >> 8);
	put8(p, value);
}

void put32(struct packet *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p, value);
}

void put_zeros(struct packet *p, size_t len)
{
	while (len--)
		put8(p, 0);
}

void put_eth(struct packet *p, unsigned int type)
{
	put(p, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
	put16(p, type);
}

void put_ipv4(struct packet *p, unsigned int protocol, size_t options, size_t behind)
{
	put8(p, 0x45 + options / 4);
	put8(p, 0x10);
	put16(p, 20 + options + behind);
	put32(p, 0x12340000);
	put8(p, 64);
	put8(p, protocol);
	put16(p, 0);
	put32(p, 0x0a000001);
	put32(p, 0x0a000002);
	/* No operations */
	for (size_t i = 0; i < options; i++)
		put8(p, 1);
}

void put_ipv6(struct packet *p, unsigned int next, size_t behind)
{
	put32(p, 0x61212345);
	put16(p, behind);
	put8(p, next);
	put8(p, 63);
	for (uint32_t i = 0; i < 8; i++)
		put32(p, 0x20010db8 + i);
}

void put_tcp(struct packet *p, const void *options, size_t len)
{
	put16(p, 40000);
	put16(p, 443);
	put32(p, 1);
	put32(p, 2);
	put8(p, (20 + len) / 4 << 4);
	put8(p, 0x12);
	put16(p, 1000);
	put32(p, 0);
	put(p, options, len);
}

void put_udp(struct packet *p, unsigned int port, size_t behind)
{
	put16(p, 40000);
	put16(p, port);
	put16(p, 8 + behind);
	put16(p, 0xffff);
}

static void global(const char *name, void *value, size_t size)
{
	struct skep_error err = { 0 };
	size_t len;
	const void *at = skep_object_global(object, name, &len, &err);

	assert_ok(at, &err);
	assert_int_equal(len, size);
	memcpy(value, at, size);
}

/* False if the kernel does not take the packet: as an skb it needs a whole IP header. */
static bool run_parser(const char *program, const struct packet *p, size_t len, struct found *found)
{
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = p->bytes,
					.data_in_len = len };
	struct skep_error err = { 0 };
	int ret = skep_program_test_run(skep_object_program(object, program), &run, &err);

	if (ret == -EINVAL && !strcmp(program, "parse_copies") && len < 14 + 40)
		return false;
	assert_ok(!ret, &err);
	*found = (struct found){ 0 };
	global("outer", &found->outer, sizeof(found->outer));
	global("inner", &found->inner, sizeof(found->inner));
	global("tunnel", &found->tunnel, sizeof(found->tunnel));
	global("outer_result", &found->outer_result, sizeof(int));
	global("tunnel_result", &found->tunnel_result, sizeof(int));
	global("inner_result", &found->inner_result, sizeof(int));
	global("mss", &found->mss, sizeof(found->mss));
	if (!strcmp(program, "parse_copies"))
		assert_int_equal(run.retval, 0);
	return true;
}

void parse_part(const struct packet *p, size_t len, struct found *found)
{
	struct found copied;

	run_parser("parse", p, len, found);
	if (run_parser("parse_copies", p, len, &copied))
		assert_memory_equal(&copied, found, sizeof(copied));
}

struct found parse(const struct packet *p)
{
	struct found found;

	parse_part(p, p->len, &found);
	return found;
}
