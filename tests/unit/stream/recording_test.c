// SPDX-License-Identifier: MIT
/* Recordings: what is read is what was written; what is damaged is left out and told. */
#include "unit/stream/support.h"

#include <endian.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <skep/view.h>

#include "btf/cut.h"
#include "stream/recording.h"
#include "stream/sink_types.h"

/* Records are of all kinds of members; what it points to is no part of them. */
struct all {
	uint64_t time;
	uint32_t colour, bits;
	char comm[16];
	uint32_t address;
	int16_t numbers[3];
	uint16_t pad;
	uint64_t pointer;
};

static char path[64], spec[96];

static int setup(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/skep-recording-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	snprintf(spec, sizeof(spec), "raw:%s", path);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

static void add_tag(struct skep_btf_builder *b, uint32_t type, int32_t member, const char *text)
{
	struct btf_type t = { .name_off = (uint32_t)skep_btf_builder_string(b, text),
			      .info = (uint32_t)BTF_KIND_DECL_TAG << 24,
			      .type = type };

	assert_true(skep_btf_builder_add(b, &t, &member, sizeof(member)) > 0);
}

/* Among others that records do not need. *@raw is the caller's, and must outlive them. */
static struct skep_btf *all_types(uint32_t *id, void **raw)
{
	struct skep_btf_builder *b = new_types();
	uint32_t task, pointer, colour, comm, numbers;
	struct skep_btf *btf;
	size_t len;

	task = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "task", 4);
	skep_btf_builder_member(b, "pid", U32, 0, 0);
	pointer = (uint32_t)skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, task);
	colour = (uint32_t)skep_btf_builder_enum(b, "colour", 4, false);
	skep_btf_builder_value(b, "RED", 1);
	skep_btf_builder_value(b, "GREEN", 2);
	comm = (uint32_t)skep_btf_builder_array(b, CHAR, U32, 16);
	numbers = (uint32_t)skep_btf_builder_array(b, S16, U32, 3);
	*id = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "all", sizeof(struct all));
	skep_btf_builder_member(b, "time", U64, 0, 0);
	skep_btf_builder_member(b, "colour", colour, 64, 0);
	skep_btf_builder_member(b, "low", U32, 96, 3);
	skep_btf_builder_member(b, "high", U32, 99, 29);
	skep_btf_builder_member(b, "comm", comm, 128, 0);
	skep_btf_builder_member(b, "address", U32, 256, 0);
	skep_btf_builder_member(b, "numbers", numbers, 288, 0);
	skep_btf_builder_member(b, "pointer", pointer, 352, 0);
	add_tag(b, *id, 0, "skep:time");
	add_tag(b, *id, 5, "skep:ipv4");
	*raw = skep_btf_builder_finish(b, &len);
	btf = skep_btf_new(*raw, len, NULL, NULL);
	assert_non_null(btf);
	skep_btf_builder_free(b);
	return btf;
}

static struct skep_schema *all_schema(const int64_t *clocks)
{
	const struct skep_schema_opts opts = {
		.size = sizeof(opts), .keep_types = true, .clocks = clocks, .n_clocks = !!clocks
	};
	struct skep_error err = { 0 };
	uint32_t id;
	void *raw;
	struct skep_btf *btf = all_types(&id, &raw);
	struct skep_schema *schema = skep_schema_new(btf, id, &opts, &err);

	assert_ok(schema, &err);
	skep_btf_free(btf);
	free(raw);
	return schema;
}

static struct all all_of(uint32_t i)
{
	struct all all = { .time = 1000000000ull * i,
			   .colour = i % 4,
			   .bits = i * 7,
			   .comm = "cat",
			   .address = i * 0x01010101,
			   .numbers = { (int16_t)i, -1, 2 },
			   .pointer = i };

	return all;
}

static void write_all(struct skep_sink *sink, const struct skep_source *source, uint32_t from,
		      uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		struct all all = all_of(i);

		sink->time = 5000 + i;
		sink->cpu = (int)(i % 3);
		assert_int_equal(skep_sink_write(sink, source, &all, sizeof(all)), 0);
	}
}

static void end(struct skep_sink *sink)
{
	assert_int_equal(skep_sink_flush(sink, true), 0);
	skep_sink_close(sink);
}

static uint8_t *content(size_t *len)
{
	static uint8_t data[1 << 20];
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, data, sizeof(data));

	assert_true(n > 0);
	close(fd);
	*len = (size_t)n;
	return data;
}

struct memory {
	const uint8_t *data;
	size_t len, at, step; /* at most so much in one go */
};

static ssize_t read_memory(void *ctx, void *buf, size_t len)
{
	struct memory *m = ctx;

	len = len < m->len - m->at ? len : m->len - m->at;
	len = m->step && len > m->step ? m->step : len;
	memcpy(buf, m->data + m->at, len);
	m->at += len;
	return (ssize_t)len;
}

/* All records of the bytes, and the numbers of those that there should be: the gaps are counted. */
struct outcome {
	uint64_t records, lost, sources, text_lines;
	int ret;
	struct skep_recording_damage damage;
	struct skep_error err;
};

static struct outcome replay(const uint8_t *data, size_t len, size_t step)
{
	struct memory memory = { data, len, 0, step };
	struct outcome o = { 0 };
	struct skep_recording *rec = skep_recording_new(read_memory, &memory, "memory", &o.err);
	struct skep_recording_item item;

	if (!rec) {
		o.ret = -o.err.code;
		return o;
	}
	while ((o.ret = skep_recording_next(rec, &item, &o.err)) > 0) {
		const struct skep_recording_source *source =
			skep_recording_source(rec, item.source);

		o.lost += item.lost;
		o.sources += item.kind == SKEP_RECORDING_SOURCE;
		if (item.kind != SKEP_RECORDING_RECORDS)
			continue;
		assert_non_null(source);
		assert_int_equal((uintptr_t)item.data % 8, 0);
		o.records++;
		if (source->schema) {
			uint32_t i = (uint32_t)item.time - 5000;
			struct all all = all_of(i);

			assert_int_equal(item.len, sizeof(all));
			assert_memory_equal(item.data, &all, sizeof(all));
			assert_int_equal(item.cpu, (int)(i % 3));
		}
		o.text_lines += source->is_text;
	}
	skep_recording_damage(rec, &o.damage);
	skep_recording_free(rec);
	return o;
}

/* 1,000 records in several blocks, a loss, and a line of text. */
static uint8_t *recorded(size_t *len)
{
	struct skep_schema *schema = all_schema(NULL);
	const struct skep_source source = { .name = "events", .schema = schema };
	const struct skep_source lines = { .name = "iter", .index = 3, .is_text = true };
	struct skep_sink *sink = open_sink(spec);

	write_all(sink, &source, 0, 500);
	assert_int_equal(skep_sink_flush(sink, false), 0);
	skep_sink_missed(sink, &source, 17);
	write_all(sink, &source, 500, 999);
	assert_int_equal(skep_sink_write(sink, &lines, "a line\n", 7), 0);
	assert_int_equal(sink->delivered, 1000);
	end(sink);
	skep_schema_free(schema);
	return content(len);
}

static void what_is_read_is_what_was_written(void **state)
{
	size_t len;
	const uint8_t *data = recorded(&len);
	static const size_t steps[] = { 0, 1, 7, 4096 };

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct outcome o = replay(data, len, steps[i]);

		assert_int_equal(o.ret, 0);
		assert_int_equal(o.records, 1000);
		assert_int_equal(o.lost, 17);
		assert_int_equal(o.sources, 2);
		assert_int_equal(o.text_lines, 1);
		assert_int_equal(o.damage.had_records, 1000);
		assert_true(!o.damage.blocks && !o.damage.is_cut);
	}
}

/* The same line, from types that were cut out and clocks of then. */
static void records_read_as_they_did(void **state)
{
	static const int64_t then = 1600000000123456789;
	struct skep_schema *schema = all_schema(&then);
	const struct skep_source source = { .name = "events", .schema = schema };
	struct skep_sink *sink = open_sink(spec);
	struct skep_text before = { 0 }, after = { 0 };
	struct skep_recording_item item;
	struct skep_recording *rec;
	struct all all = all_of(2);
	int n = 0;

	(void)state;
	write_all(sink, &source, 2, 3);
	end(sink);
	for (int form = 0; form < SKEP_N_FORMS; form++) {
		skep_view_begin(skep_schema_view(schema), form, &before);
		skep_view_write(skep_schema_view(schema), form, &all, sizeof(all), &before);
	}
	rec = skep_recording_open(path, NULL);
	assert_non_null(rec);
	while (skep_recording_next(rec, &item, NULL) > 0) {
		if (item.kind != SKEP_RECORDING_RECORDS)
			continue;
		for (int form = 0; form < SKEP_N_FORMS; form++) {
			const struct skep_view *view =
				skep_schema_view(skep_recording_source(rec, 0)->schema);

			skep_view_begin(view, form, &after);
			skep_view_write(view, form, item.data, item.len, &after);
		}
		n++;
	}
	assert_int_equal(n, 1);
	assert_string_equal(skep_text_string(&after), skep_text_string(&before));
	assert_non_null(strstr(before.data, "\"address\":\"2.2.2.2\""));
	assert_non_null(strstr(before.data, "2020-09-13T12:26:42.123456789Z"));
	assert_non_null(strstr(before.data, "\"colour\":\"GREEN\",\"low\":"));
	skep_recording_free(rec);
	skep_text_free(&before);
	skep_text_free(&after);
	skep_schema_free(schema);
}

static void types_are_cut_to_what_records_need(void **state)
{
	struct skep_text out = { 0 };
	uint32_t id, cut_id;
	void *raw;
	struct skep_btf *btf = all_types(&id, &raw), *cut;
	struct skep_error err = { 0 };

	(void)state;
	assert_int_equal(skep_btf_cut(btf, id, &out, &cut_id, &err), 0);
	cut = skep_btf_new(out.data, out.len, NULL, &err);
	assert_ok(cut, &err);
	assert_int_equal(skep_btf_check(cut, &err), 0);
	assert_string_equal(skep_btf_name(cut, cut_id), "all");
	assert_int_equal(skep_btf_find(cut, "task", BTF_KIND_STRUCT), 0);
	assert_true(skep_btf_count(cut) < skep_btf_count(btf) - 4);
	skep_btf_free(cut);
	skep_text_free(&out);
	assert_int_equal(skep_btf_cut(btf, 100000, &out, &cut_id, &err), -EINVAL);
	skep_btf_free(btf);
	skep_text_free(&out);
	free(raw);
}

static void a_recording_that_is_cut_gives_what_is_whole(void **state)
{
	size_t len;
	const uint8_t *data = recorded(&len);
	uint64_t last = 0;

	(void)state;
	for (size_t cut = sizeof(struct skep_recording_header); cut < len; cut += 97) {
		struct outcome o = replay(data, cut, 0);

		assert_int_equal(o.ret, 0);
		assert_true(o.damage.is_cut && o.records >= last);
		last = o.records;
	}
	assert_true(last >= 999);
}

static void what_is_damaged_is_left_out_and_told(void **state)
{
	size_t len;
	uint8_t *data = recorded(&len);
	struct outcome o;
	int less = 0;

	(void)state;
	for (size_t at = sizeof(struct skep_recording_header); at < len; at += 61) {
		data[at] ^= 0x40;
		o = replay(data, len, 0);
		assert_int_equal(o.ret, 0);
		assert_true(o.damage.blocks > 0);
		assert_true(o.records >= 400 || at < 1000);
		less += o.records < 1000;
		data[at] ^= 0x40;
	}
	assert_true(less > 100);
	/* Bytes too many, of any number: what follows is found again. */
	memmove(data + 5000 + 3, data + 5000, len - 5000);
	o = replay(data, len + 3, 0);
	assert_true(o.ret == 0 && o.records >= 400 && o.damage.blocks);
}

static void others_are_refused_in_words(void **state)
{
	size_t len;
	uint8_t *data = recorded(&len);
	struct skep_recording_header *header = (void *)data;
	struct skep_error err = { 0 };
	struct outcome o;

	(void)state;
	header->is_big_endian ^= 1;
	o = replay(data, len, 0);
	assert_int_equal(o.ret, -ENOTSUP);
	assert_error_says(&o.err, "-endian machine (");
	header->is_big_endian ^= 1;
	header->version = htole16(9);
	o = replay(data, len, 0);
	assert_int_equal(o.ret, -ENOTSUP);
	assert_error_says(&o.err, "it is of version 9");
	o = replay((const uint8_t *)"hello", 5, 0);
	assert_int_equal(o.ret, -EINVAL);
	assert_error_says(&o.err, "memory: it is no recording");
	assert_null(skep_recording_open("/nonexistent", &err));
	assert_error_says(&err, "No such file");
}

/* Blocks in blocks, each of which claims the rest of the file. */
static void a_file_made_to_take_forever_is_given_up(void **state)
{
	const size_t len = 4 << 20;
	struct skep_recording_header *header = malloc(len);
	struct skep_recording_block *blocks = (void *)(header + 1);
	size_t n = (len - sizeof(*header)) / sizeof(*blocks);
	struct outcome o;
	double start;

	(void)state;
	assert_non_null(header);
	memset(header, 0, len);
	memcpy(header->magic, SKEP_RECORDING_MAGIC, sizeof(header->magic));
	header->version = htole16(SKEP_RECORDING_VERSION);
	header->is_big_endian = __BYTE_ORDER == __BIG_ENDIAN;
	for (size_t i = 0; i < n; i++)
		blocks[i] = (struct skep_recording_block){
			.magic = htole32(SKEP_RECORDING_BLOCK),
			.kind = htole32(SKEP_RECORDING_RECORDS),
			.len = htole64((n - i - 1) * sizeof(*blocks)),
		};
	start = seconds_now();
	o = replay((const uint8_t *)header, len, 0);
	assert_true(o.ret == -EINVAL && seconds_now() - start < 20);
	assert_error_says(&o.err, "too much of it is damaged");
	free(header);
}

static void files_of_a_rotation_stand_alone(void **state)
{
	struct skep_schema *schema = all_schema(NULL);
	const struct skep_source source = { .name = "events", .schema = schema };
	struct skep_sink *sink;
	char command[128];
	struct outcome o;
	uint8_t *data;
	size_t len;

	(void)state;
	snprintf(spec, sizeof(spec), "raw:%s,rotate=10K,keep=0", path);
	sink = open_sink(spec);
	write_all(sink, &source, 0, 900);
	end(sink);
	data = content(&len);
	o = replay(data, len, 0);
	assert_int_equal(o.ret, 0);
	assert_true(o.records > 0 && o.records < 200 && o.sources == 1);
	assert_true(o.records == o.damage.had_records && !o.damage.is_cut);
	snprintf(command, sizeof(command), "rm -f %s.*", path);
	assert_int_equal(system(command), 0);
	skep_schema_free(schema);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_read_is_what_was_written),
		TEST(records_read_as_they_did),
		TEST(types_are_cut_to_what_records_need),
		TEST(a_recording_that_is_cut_gives_what_is_whole),
		TEST(what_is_damaged_is_left_out_and_told),
		TEST(others_are_refused_in_words),
		TEST(a_file_made_to_take_forever_is_given_up),
		TEST(files_of_a_rotation_stand_alone),
	};

	return cmocka_run_group_tests_name("unit/stream_recording", tests, NULL, NULL);
}
