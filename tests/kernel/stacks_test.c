// SPDX-License-Identifier: MIT
/* Stacks of this process, kept by programs in all ways and read with the names of functions. */
#include "base/cleanup.h"
#include "kernel/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <skep/stack_record.h>
#include <time.h>

static struct skep_symbolizer *symbolizer;
static volatile uint64_t turns;
static char work[1 << 20];
static int zeros = -1;

/* The kernel follows frame pointers, which compilers leave out. */
#ifdef __clang__
#define IN_FRAMES __attribute__((noinline))
#elif defined(__s390x__)
#define IN_FRAMES __attribute__((noipa, target("backchain")))
#else
#define IN_FRAMES __attribute__((noipa, optimize("no-omit-frame-pointer")))
#endif

IN_FRAMES static void turn_in_inner(int ms)
{
	struct timespec begin, now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	do {
		for (int i = 0; i < 200000; i++)
			turns++;
		/* So that the kernel is seen at work, too. */
		if (pread(zeros, work, sizeof(work), 0) > 0)
			turns++;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	} while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000 < ms);
	turns++;
}

IN_FRAMES static void turn_in_outer(int ms)
{
	turn_in_inner(ms);
	turns++;
}

/* Loads the program, and has it see this process work for a while. */
IN_FRAMES static void sample(const char *program)
{
	const struct skep_perf_event_opts opts = { .size = sizeof(opts),
						   .type = PERF_TYPE_SOFTWARE,
						   .config = PERF_COUNT_SW_TASK_CLOCK,
						   .period = 1000000 };
	struct skep_error err = { 0 };
	struct skep_link *link;

	only_this_process(fixture_open_one("stacks", program, NULL));
	fixture_load();
	if (zeros < 0)
		zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	link = skep_program_attach_perf_event(fixture_program(program), &opts, &err);
	assert_ok(link, &err);
	turn_in_outer(60);
	skep_link_close(link);
	symbolizer = skep_symbolizer_new(NULL, &err);
	assert_ok(symbolizer, &err);
}

static void leave(void)
{
	skep_symbolizer_free(symbolizer);
	symbolizer = NULL;
	fixture_leave();
}

static struct skep_schema *new_schema(uint32_t type_id, bool with_symbols)
{
	const struct skep_map *maps[] = { fixture_map("kernel_stacks"), fixture_map("user_stacks"),
					  fixture_map("built_stacks") };
	const struct skep_schema_opts opts = { .size = sizeof(opts),
					       .symbolizer = with_symbols ? symbolizer : NULL,
					       .stacks = maps,
					       .n_stacks = 3 };
	struct skep_error err = { 0 };
	struct skep_schema *schema = skep_schema_new(fixture_spec()->btf, type_id, &opts, &err);

	assert_ok(schema, &err);
	return schema;
}

static uint32_t type_of(const char *map, bool key)
{
	const struct skep_map_spec *spec = skep_map_spec(fixture_map(map));

	return key ? spec->key_type_id : spec->value_type_id;
}

struct seen {
	struct skep_schema *schema;
	size_t keys, named, built;
};

/* "outer < who called it" in the column @name. */
static bool is_here(const struct skep_schema *schema, const char *name, const void *record,
		    size_t len)
{
	SKEP_SCOPED(skep_text_free) struct skep_text scratch = { 0 };
	struct skep_value value;
	const char *outer;

	skep_record_value(schema, (size_t)skep_schema_find_column(schema, name), record, len,
			  &scratch, &value);
	assert_int_equal(value.kind, SKEP_VALUE_TEXT);
	skep_text_char(&scratch, '\0');
	outer = strstr(scratch.data, "turn_in_outer+0x");
	return outer && strstr(outer, " < sample+0x");
}

static int look_at_ids(void *ctx, const void *key, void *value)
{
	struct skep_text json = { 0 };
	struct seen *seen = ctx;

	(void)value;
	seen->keys++;
	seen->named += is_here(seen->schema, "user", key, skep_schema_size(seen->schema));
	seen->built += is_here(seen->schema, "built", key, skep_schema_size(seen->schema));
	skep_record_write_json(seen->schema, key, skep_schema_size(seen->schema), &json);
	assert_non_null(strstr(skep_text_string(&json), ",\"failed\":null}"));
	skep_text_reset(&json);
	skep_record_write_text(seen->schema, key, skep_schema_size(seen->schema), &json);
	assert_non_null(strstr(skep_text_string(&json), "EFAULT"));
	skep_text_free(&json);
	return 0;
}

static void ids_of_stacks_are_read_with_their_names(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	NEED_NO_VALGRIND("the stacks of what it runs");
	NEED_TO_LOAD("stacks", "keep_ids");
	sample("keep_ids");
	seen.schema = new_schema(type_of("ids", true), true);
	assert_true(skep_map_walk(fixture_map("ids"), NULL, look_at_ids, &seen, NULL) > 0);
	assert_true(seen.named > 0);
	assert_true(seen.built > 0);
	skep_schema_free(seen.schema);
	leave();
}

/* Who asked for no names gets the numbers that the types say, and may write them, too. */
static void without_a_symbolizer_stacks_are_numbers(void **state)
{
	struct skep_schema *schema;
	struct skep_text text = { 0 };
	struct {
		uint32_t pid;
		int32_t kernel, user, built, failed;
	} ids = { 7, 1, 2, 3, -14 };

	(void)state;
	NEED_TO_LOAD("stacks", "keep_ids");
	fixture_load_one("stacks", "keep_ids", NULL);
	schema = new_schema(type_of("ids", true), false);
	skep_record_write_json(schema, &ids, sizeof(ids), &text);
	assert_string_equal(skep_text_string(&text),
			    "{\"pid\":7,\"kernel\":1,\"user\":2,\"built\":3,\"failed\":-14}\n");
	skep_text_free(&text);
	skep_schema_free(schema);
	leave();
}

static char *sample_at(uint32_t i, size_t *len)
{
	struct skep_map *map = fixture_map("last");
	struct skep_error err = { 0 };
	char *record;

	*len = skep_map_value_size(map);
	record = calloc(1, *len);
	assert_non_null(record);
	assert_ok(!skep_map_lookup(map, &i, record, &err), &err);
	return record;
}

static void stacks_inside_of_records_are_named(void **state)
{
	size_t len, named = 0, built = 0;
	struct skep_schema *schema;

	(void)state;
	NEED_NO_VALGRIND("the stacks of what it runs");
	NEED_TO_LOAD("stacks", "keep_stacks");
	sample("keep_stacks");
	schema = new_schema(type_of("last", false), true);
	/* Some may have come before and after the work that is looked for. */
	for (uint32_t i = 0; i < 16; i++) {
		char *record = sample_at(i, &len);

		named += is_here(schema, "ustack", record, len);
		built += is_here(schema, "built", record, len);
		free(record);
	}
	assert_true(named > 0);
	assert_true(built > 0);
	skep_schema_free(schema);
	leave();
}

static void write_form(const struct skep_stack_record *r, const char *record, size_t len,
		       enum skep_stack_form form, struct skep_text *text)
{
	skep_text_reset(text);
	skep_stack_record_write(r, record, len, form, text);
	skep_text_string(text);
}

static void records_may_be_stacks_as_a_whole(void **state)
{
	struct skep_stack_fields fields = { .size = sizeof(fields), .pid = "tgid" };
	struct skep_error err = { 0 };
	struct skep_stack_record *r;
	struct skep_schema *schema;
	struct skep_text text = { 0 };
	char *record, head[64];
	size_t len;

	(void)state;
	NEED_NO_VALGRIND("the stacks of what it runs");
	NEED_TO_LOAD("stacks", "keep_stacks");
	sample("keep_stacks");
	schema = new_schema(type_of("last", false), true);
	record = sample_at(0, &len);
	for (uint32_t i = 1; i < 16 && !is_here(schema, "ustack", record, len); i++) {
		free(record);
		record = sample_at(i, &len);
	}
	skep_schema_free(schema);
	assert_null(skep_stack_record_new(fixture_spec()->btf, type_of("last", false), NULL,
					  symbolizer, &err));
	assert_error_says(&err, "'pid'");
	r = skep_stack_record_new(fixture_spec()->btf, type_of("last", false), &fields, symbolizer,
				  &err);
	assert_ok(r, &err);
	write_form(r, record, len, SKEP_STACK_LINES, &text);
	snprintf(head, sizeof(head), " (pid=%d) @ CPU ", getpid());
	assert_int_equal(strncmp(text.data, "COMM: kernel-stacks", 12), 0);
	assert_non_null(strstr(text.data, head));
	assert_non_null(strstr(text.data, "\nKernel:\n"));
	assert_non_null(strstr(text.data, "\nUserspace:\n"));
	assert_non_null(strstr(text.data, " turn_in_outer+0x"));
	write_form(r, record, len, SKEP_STACK_FOLDED, &text);
	assert_non_null(strstr(text.data, ";sample;turn_in_outer;"));
	write_form(r, record, len, SKEP_STACK_JSON, &text);
	assert_non_null(strstr(text.data, "\"user\":[{\"address\":\"0x"));
	write_form(r, record, len, SKEP_STACK_LINE, &text);
	assert_non_null(strstr(text.data, " < turn_in_outer+0x"));
	/* A record that was cut off. */
	for (size_t cut = 0; cut < len; cut += 13)
		write_form(r, record, cut, SKEP_STACK_JSON, &text);
	skep_stack_record_free(r);
	skep_text_free(&text);
	free(record);
	leave();
}

static void kernel_stacks_have_the_kernel_s_names(void **state)
{
	struct skep_frame frames[SKEP_STACK_MAX];
	uint64_t ips[SKEP_STACK_MAX];
	struct skep_error err = { 0 };
	size_t named = 0;
	uint32_t id;
	int n, ret;

	(void)state;
	NEED_TO_LOAD("stacks", "keep_ids");
	sample("keep_ids");
	if (skep_map_next_key(fixture_map("kernel_stacks"), NULL, &id, &err)) {
		leave();
		SKIP_TEST("the clock came in user space alone");
	}
	n = skep_map_stack(fixture_map("kernel_stacks"), id, ips, SKEP_STACK_MAX, &err);
	assert_ok(n > 0, &err);
	assert_int_equal(skep_map_stack_build_ids(fixture_map("kernel_stacks"), id, NULL, 1, &err),
			 -EINVAL);
	ret = skep_symbolize_kernel(symbolizer, ips, (size_t)n, SKEP_SYMBOLIZE_STACK, frames, &err);
	for (int i = 0; i < n; i++)
		named += frames[i].symbol != NULL;
	assert_true(ret == -EPERM || named > 0);
	leave();
	if (ret)
		SKIP_TEST("the kernel hides its addresses");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_of_stacks_are_read_with_their_names),
		cmocka_unit_test(without_a_symbolizer_stacks_are_numbers),
		cmocka_unit_test(stacks_inside_of_records_are_named),
		cmocka_unit_test(records_may_be_stacks_as_a_whole),
		cmocka_unit_test(kernel_stacks_have_the_kernel_s_names),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, fixture_teardown);
}
