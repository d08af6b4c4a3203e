// SPDX-License-Identifier: MIT
/* The kernel's own rings, in memory that the test writes as the kernel would. */
#include <linux/perf_event.h>

#include "test.h"

#include "event/perfbuf_read.h"
#include "event/ringbuf_read.h"

#define SIZE 128

/* A BPF ring buffer, its data mapped twice. */
struct ringbuf {
	uint64_t consumer, producer;
	uint64_t data[2 * SIZE / 8];
	struct skep_ringbuf_memory memory;
};

static void ringbuf_set_up(struct ringbuf *r)
{
	memset(r, 0, sizeof(*r));
	r->memory = (struct skep_ringbuf_memory){ &r->consumer, &r->producer,
						  (const uint8_t *)r->data, SIZE };
}

/* Both mappings show the same bytes. */
static void poke(struct ringbuf *r, uint64_t at, uint8_t byte)
{
	((uint8_t *)r->data)[at % SIZE] = byte;
	((uint8_t *)r->data)[at % SIZE + SIZE] = byte;
}

static void ringbuf_put(struct ringbuf *r, uint32_t word, uint8_t fill)
{
	uint32_t header[2] = { word, 0 }, len = word & 0x3fffffff;

	for (size_t i = 0; i < sizeof(header); i++)
		poke(r, r->producer + i, ((uint8_t *)header)[i]);
	for (uint32_t i = 0; i < len && i < SIZE; i++)
		poke(r, r->producer + 8 + i, fill);
	r->producer += (len + 8 + 7ull) & ~7ull;
}

static bool ringbuf_take(struct ringbuf *r, uint32_t len, uint8_t fill)
{
	const uint8_t *data;
	uint32_t got;

	if (!skep_ringbuf_next(&r->memory, skep_ringbuf_end(&r->memory), &r->consumer, &data, &got))
		return false;
	assert_int_equal(got, len);
	for (uint32_t i = 0; i < len; i++)
		assert_int_equal(data[i], fill);
	return true;
}

static void ringbuf_reads_across_its_end(void **state)
{
	struct ringbuf r;

	(void)state;
	ringbuf_set_up(&r);
	for (uint32_t i = 0; i < 500; i++) {
		uint32_t len = i * 11 % 100;

		assert_false(ringbuf_take(&r, 0, 0));
		ringbuf_put(&r, len, (uint8_t)i);
		assert_true(ringbuf_take(&r, len, (uint8_t)i));
	}
	assert_int_equal(r.consumer, r.producer);
}

static void ringbuf_waits_for_busy_and_skips_discarded(void **state)
{
	const uint32_t done = 8;
	struct ringbuf r;

	(void)state;
	ringbuf_set_up(&r);
	ringbuf_put(&r, 8 | 1u << 30, 'd');
	ringbuf_put(&r, 8, 'a');
	ringbuf_put(&r, 8 | 1u << 31, 'b');
	ringbuf_put(&r, 8, 'c');
	assert_true(ringbuf_take(&r, 8, 'a'));
	assert_false(ringbuf_take(&r, 0, 0));
	for (uint64_t i = 0; i < 4; i++)
		poke(&r, r.consumer + i, ((const uint8_t *)&done)[i]);
	assert_true(ringbuf_take(&r, 8, 'b'));
	assert_true(ringbuf_take(&r, 8, 'c'));
}

static void ringbuf_with_an_impossible_length_is_emptied(void **state)
{
	struct ringbuf r;

	(void)state;
	ringbuf_set_up(&r);
	ringbuf_put(&r, 0x3fffffff, 'x');
	r.producer = 64;
	assert_false(ringbuf_take(&r, 0, 0));
	assert_int_equal(r.consumer, 64);
}

struct perfbuf {
	uint8_t data[SIZE];
	uint8_t scratch[SKEP_PERFBUF_SCRATCH];
	uint64_t head;
	struct skep_perfbuf_memory memory;
};

static void perfbuf_set_up(struct perfbuf *p)
{
	memset(p, 0, sizeof(*p));
	p->memory = (struct skep_perfbuf_memory){ p->data, SIZE, p->scratch };
}

static void perfbuf_append(struct perfbuf *p, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		p->data[p->head++ % SIZE] = ((const uint8_t *)bytes)[i];
}

static void perfbuf_sample(struct perfbuf *p, uint32_t len, uint8_t fill)
{
	struct perf_event_header header = { .type = PERF_RECORD_SAMPLE,
					    .size = (uint16_t)(sizeof(header) + 4 + len) };

	perfbuf_append(p, &header, sizeof(header));
	perfbuf_append(p, &len, 4);
	for (uint32_t i = 0; i < len; i++)
		perfbuf_append(p, &fill, 1);
}

static void perfbuf_reads_samples_across_its_end(void **state)
{
	static struct perfbuf p;
	struct skep_perfbuf_entry entry;
	uint64_t tail = 0;

	(void)state;
	perfbuf_set_up(&p);
	for (uint32_t i = 0; i < 500; i++) {
		uint32_t len = 4 + i % 20 * 4;
		uint64_t taken;

		assert_int_equal(skep_perfbuf_entry(&p.memory, tail, p.head, &entry), 0);
		perfbuf_sample(&p, len, (uint8_t)i);
		taken = skep_perfbuf_entry(&p.memory, tail, p.head, &entry);
		assert_int_equal(taken, p.head - tail);
		assert_int_equal(entry.len, len);
		for (uint32_t k = 0; k < len; k++)
			assert_int_equal(entry.data[k], (uint8_t)i);
		tail += taken;
	}
}

static void perfbuf_tells_what_the_kernel_lost(void **state)
{
	static struct perfbuf p;
	struct perf_event_header header = { .type = PERF_RECORD_LOST, .size = sizeof(header) + 16 };
	const uint64_t body[2] = { 77, 12345 };
	struct skep_perfbuf_entry entry;

	(void)state;
	perfbuf_set_up(&p);
	perfbuf_append(&p, &header, sizeof(header));
	perfbuf_append(&p, body, sizeof(body));
	assert_int_equal(skep_perfbuf_entry(&p.memory, 0, p.head, &entry), 24);
	assert_int_equal(entry.lost, 12345);
	assert_null(entry.data);
}

static void perfbuf_memory_that_makes_no_sense_has_no_entry(void **state)
{
	static struct perfbuf p;
	struct perf_event_header header = { .type = PERF_RECORD_SAMPLE, .size = 4 };
	struct skep_perfbuf_entry entry;
	const uint32_t long_raw = 1000;

	(void)state;
	perfbuf_set_up(&p);
	perfbuf_append(&p, &header, sizeof(header));
	assert_int_equal(skep_perfbuf_entry(&p.memory, 0, p.head, &entry), 0);
	assert_int_equal(skep_perfbuf_entry(&p.memory, 0, 1ull << 40, &entry), 0);
	/* A sample that says it is longer than its record has what is there. */
	perfbuf_set_up(&p);
	header.size = sizeof(header) + 12;
	perfbuf_append(&p, &header, sizeof(header));
	perfbuf_append(&p, &long_raw, 4);
	perfbuf_append(&p, "12345678", 8);
	assert_int_equal(skep_perfbuf_entry(&p.memory, 0, p.head, &entry), 20);
	assert_int_equal(entry.len, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ringbuf_reads_across_its_end),
		cmocka_unit_test(ringbuf_waits_for_busy_and_skips_discarded),
		cmocka_unit_test(ringbuf_with_an_impossible_length_is_emptied),
		cmocka_unit_test(perfbuf_reads_samples_across_its_end),
		cmocka_unit_test(perfbuf_tells_what_the_kernel_lost),
		cmocka_unit_test(perfbuf_memory_that_makes_no_sense_has_no_entry),
	};

	return cmocka_run_group_tests_name("event_kernel_rings", tests, NULL, NULL);
}
