// SPDX-License-Identifier: MIT
#include "test.h"

#include "stream/net/nats_answer.h"
#include "stream/net/nats_queue.h"

static struct skep_nats_queue q;

static int set_up(void **state)
{
	(void)state;
	q = (struct skep_nats_queue){ 0 };
	for (int i = 0; i < 5; i++)
		if (skep_nats_queue_add(&q, "s", "data", 4))
			return -1;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	skep_nats_queue_free(&q);
	return 0;
}

/* The number of the next message; -1: none waits. */
static int64_t next(void)
{
	uint64_t number;

	return skep_nats_queue_next(&q, &number) ? (int64_t)number : -1;
}

static void messages_are_sent_in_order_and_kept_until_they_are_done(void **state)
{
	(void)state;
	for (int64_t i = 0; i < 5; i++)
		assert_int_equal(next(), i);
	assert_int_equal(next(), -1);
	assert_int_equal(q.bytes, 20);
	skep_nats_queue_done(&q, 1);
	skep_nats_queue_done(&q, 1);
	skep_nats_queue_done(&q, 77);
	assert_null(skep_nats_queue_find(&q, 1));
	assert_non_null(skep_nats_queue_find(&q, 0));
	assert_int_equal(q.bytes, 16);
	assert_int_equal(skep_nats_queue_len(&q), 4);
	for (uint64_t i = 0; i < 5; i++)
		skep_nats_queue_done(&q, i);
	assert_int_equal(q.bytes, 0);
	assert_int_equal(skep_nats_queue_len(&q), 0);
	assert_int_equal(skep_nats_queue_add(&q, "s", "", 0), 0);
	assert_int_equal(next(), 5);
}

static void messages_that_are_sent_again_go_first(void **state)
{
	(void)state;
	for (int64_t i = 0; i < 3; i++)
		assert_int_equal(next(), i);
	skep_nats_queue_again(&q, 1);
	assert_int_equal(next(), 1);
	assert_int_equal(next(), 3);
	skep_nats_queue_done(&q, 0);
	assert_int_equal(skep_nats_queue_all_again(&q), 3);
	assert_int_equal(q.waiting, 4);
	for (int64_t i = 1; i < 5; i++)
		assert_int_equal(next(), i);
	assert_int_equal(skep_nats_queue_all_done(&q), 4);
	assert_int_equal(skep_nats_queue_len(&q), 0);
}

/* What waits is no message that could be acknowledged. */
static void messages_that_were_not_sent_are_not_found(void **state)
{
	(void)state;
	assert_null(skep_nats_queue_find(&q, 0));
	skep_nats_queue_done(&q, 0);
	assert_int_equal(skep_nats_queue_len(&q), 5);
}

static void queue_of_many_messages_forgets_those_that_are_done(void **state)
{
	(void)state;
	for (int i = 0; i < 100000; i++) {
		assert_int_equal(skep_nats_queue_add(&q, "s", "data", 4), 0);
		assert_int_equal(next(), i);
		skep_nats_queue_done(&q, (uint64_t)i);
	}
	assert_true(q.items.len < 32);
}

static enum skep_nats_fate answer(const char *text, struct skep_error *why)
{
	*why = (struct skep_error){ 0 };
	return skep_nats_read_answer(text, strlen(text), why);
}

static void answers_of_jetstream_are_read(void **state)
{
	struct skep_error why;
	char *endless = malloc(100001);

	(void)state;
	assert_int_equal(answer("{\"stream\":\"S\", \"seq\":1}", &why), SKEP_NATS_TAKEN);
	assert_int_equal(answer("{\"stream\":\"S\",\"seq\":7,\"duplicate\": true}", &why),
			 SKEP_NATS_TAKEN);
	assert_int_equal(answer("{\"error\":{\"code\":503,\"err_code\":10008}}", &why),
			 SKEP_NATS_AGAIN);
	assert_int_equal(
		answer("{\"error\":{\"code\":400,\"description\":\"no\x1b!\"},\"seq\":0}", &why),
		SKEP_NATS_REFUSED);
	assert_error_says(&why, "JetStream refused it: no\\x1b!");
	assert_int_equal(answer("", &why), SKEP_NATS_AGAIN);
	assert_int_equal(answer("{\"error\"", &why), SKEP_NATS_AGAIN);
	assert_int_equal(answer("{\"error\":{\"code\":", &why), SKEP_NATS_REFUSED);
	memset(endless, 'x', 100000);
	endless[100000] = '\0';
	assert_int_equal(answer(endless, &why), SKEP_NATS_AGAIN);
	free(endless);
}

#define cmocka_unit_test_of_queue(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_of_queue(messages_are_sent_in_order_and_kept_until_they_are_done),
		cmocka_unit_test_of_queue(messages_that_are_sent_again_go_first),
		cmocka_unit_test_of_queue(messages_that_were_not_sent_are_not_found),
		cmocka_unit_test_of_queue(queue_of_many_messages_forgets_those_that_are_done),
		cmocka_unit_test(answers_of_jetstream_are_read),
	};

	return cmocka_run_group_tests_name("stream_nats_queue", tests, NULL, NULL);
}
