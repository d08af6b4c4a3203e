// SPDX-License-Identifier: MIT
/* The reader of an emit channel's ring, in memory that the test writes as a program would. */
#include "test.h"

#include "event/emit.h"

#define SIZE 256
#define ROOM (SIZE + 128) /* a record that begins inside ends at most here */

struct rig {
	struct skep_emit_cpu cpu;
	uint64_t data[ROOM / 8];
	struct skep_emit_ring ring;
};

static void set_up(struct rig *r)
{
	memset(r, 0, sizeof(*r));
	r->ring = (struct skep_emit_ring){
		.cpu = &r->cpu, .data = (uint8_t *)r->data, .size = SIZE, .room = ROOM
	};
}

static uint64_t span_of(uint32_t len)
{
	return (len + SKEP_EMIT_HEADER + 7ull) & ~7ull;
}

/* What a program does: claims, fills, commits. */
static void put(struct rig *r, uint32_t len, uint32_t flags, uint8_t fill)
{
	uint64_t at = r->cpu.head & (SIZE - 1), span = span_of(len);

	memset((uint8_t *)r->data + at + SKEP_EMIT_HEADER, fill, len);
	r->cpu.head += span;
	r->data[at / 8] = span << 32 | flags | len;
}

static bool take(struct rig *r, uint32_t len, uint8_t fill)
{
	struct skep_emit_record record;

	if (!skep_emit_peek(&r->ring, &record))
		return false;
	assert_int_equal(record.len, len);
	for (uint32_t i = 0; i < len; i++)
		assert_int_equal(record.data[i], fill);
	skep_emit_take(&r->ring, &record);
	return true;
}

static void emit_reads_records_in_order(void **state)
{
	struct rig r;

	(void)state;
	set_up(&r);
	assert_false(take(&r, 0, 0));
	put(&r, 16, 0, 'a');
	put(&r, 3, 0, 'b');
	put(&r, 0, 0, 0);
	assert_true(take(&r, 16, 'a'));
	assert_true(take(&r, 3, 'b'));
	assert_true(take(&r, 0, 0));
	assert_false(take(&r, 0, 0));
	/* Nothing is given back before it is said. */
	assert_int_equal(r.cpu.tail, 0);
	skep_emit_release(&r.ring);
	assert_int_equal(r.cpu.tail, r.cpu.head);
}

static void emit_goes_round_many_times(void **state)
{
	struct rig r;

	(void)state;
	set_up(&r);
	for (int i = 0; i < 1000; i++) {
		uint32_t len = (uint32_t)(i * 7 % 90);

		put(&r, len, 0, (uint8_t)i);
		assert_true(take(&r, len, (uint8_t)i));
		skep_emit_release(&r.ring);
	}
	assert_int_equal(r.ring.damaged, 0);
	/* What was read is clear again, for the next header to be told from old bytes. */
	for (size_t i = 0; i < ROOM / 8; i++)
		assert_int_equal(r.data[i], 0);
}

static void emit_waits_for_a_record_that_is_being_made(void **state)
{
	struct rig r;

	(void)state;
	set_up(&r);
	put(&r, 8, SKEP_EMIT_BUSY, 'x');
	put(&r, 8, 0, 'y');
	assert_false(take(&r, 8, 'x'));
	r.data[0] &= ~(uint64_t)SKEP_EMIT_BUSY;
	assert_true(take(&r, 8, 'x'));
	assert_true(take(&r, 8, 'y'));
	/* Claimed, and not even the header written. */
	r.cpu.head += 24;
	assert_false(take(&r, 0, 0));
	assert_int_equal(r.ring.damaged, 0);
}

static void emit_passes_over_what_was_discarded(void **state)
{
	struct rig r;

	(void)state;
	set_up(&r);
	put(&r, 8, SKEP_EMIT_DISCARD, 'x');
	put(&r, 24, SKEP_EMIT_DISCARD, 'x');
	put(&r, 8, 0, 'y');
	put(&r, 8, SKEP_EMIT_DISCARD, 'z');
	assert_true(take(&r, 8, 'y'));
	assert_false(take(&r, 0, 0));
	skep_emit_release(&r.ring);
	assert_int_equal(r.cpu.tail, r.cpu.head);
}

/* Lengths, spans and heads that cannot be: the ring is emptied, counted, and goes on. */
static void emit_recovers_from_memory_that_makes_no_sense(void **state)
{
	static const uint64_t headers[] = {
		8ull << 32 | 200,    /* more bytes than its span */
		4ull << 32,	     /* shorter than a header */
		17ull << 32 | 8,     /* not aligned */
		4096ull << 32 | 8,   /* beyond the memory */
		0xfffffff8ull << 32, /* far beyond */
		0ull << 32 | 8,	     /* no span */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		struct rig r;

		set_up(&r);
		put(&r, 8, 0, 'x');
		put(&r, 8, 0, 'y');
		r.data[0] = headers[i];
		assert_false(take(&r, 0, 0));
		assert_int_equal(r.ring.damaged, 1);
		put(&r, 8, 0, 'z');
		assert_true(take(&r, 8, 'z'));
	}
}

static void emit_recovers_from_a_head_that_ran_away(void **state)
{
	struct rig r;

	(void)state;
	set_up(&r);
	put(&r, 8, 0, 'x');
	r.cpu.head += 1ull << 40;
	assert_false(take(&r, 0, 0));
	assert_int_equal(r.ring.damaged, 1);
	assert_int_equal(r.ring.tail, r.cpu.head);
	put(&r, 8, 0, 'z');
	assert_true(take(&r, 8, 'z'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(emit_reads_records_in_order),
		cmocka_unit_test(emit_goes_round_many_times),
		cmocka_unit_test(emit_waits_for_a_record_that_is_being_made),
		cmocka_unit_test(emit_passes_over_what_was_discarded),
		cmocka_unit_test(emit_recovers_from_memory_that_makes_no_sense),
		cmocka_unit_test(emit_recovers_from_a_head_that_ran_away),
	};

	return cmocka_run_group_tests_name("event_emit", tests, NULL, NULL);
}
