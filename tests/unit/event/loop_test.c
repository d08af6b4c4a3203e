// SPDX-License-Identifier: MIT
/* The loop without rings: descriptors, timers, and the ways in which it ends. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>
#include <skep/ring.h>

#include "test.h"

#define MS 1000000ll

struct calls {
	struct skep_loop *loop;
	int n, stop_after, result;
	int fd;
};

static int count(void *ctx)
{
	struct calls *calls = ctx;

	calls->n++;
	return calls->n == calls->stop_after ? calls->result : 0;
}

static int read_byte(void *ctx)
{
	struct calls *calls = ctx;
	char byte;

	assert_int_equal(read(calls->fd, &byte, 1), 1);
	return count(ctx);
}

static int stop(void *ctx)
{
	struct calls *calls = ctx;

	calls->n++;
	skep_loop_stop(calls->loop);
	return 0;
}

static int remove_self(void *ctx)
{
	struct calls *calls = ctx;

	calls->n++;
	skep_loop_remove_fd(calls->loop, calls->fd);
	return 0;
}

static struct skep_loop *new_loop(void)
{
	struct skep_error err = { 0 };
	struct skep_loop *loop = skep_loop_new(&err);

	assert_ok(loop, &err);
	return loop;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / MS;
}

static void loop_serves_descriptors(void **state)
{
	struct calls calls = { .stop_after = 3, .result = 9 };
	struct skep_loop *loop = new_loop();
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	calls.fd = fds[0];
	assert_int_equal(skep_loop_add_fd(loop, fds[0], read_byte, &calls, NULL), 0);
	assert_int_equal(write(fds[1], "abc", 3), 3);
	/* What the callback returns ends the run and is its result. */
	assert_int_equal(skep_loop_run(loop, -1, NULL), 9);
	assert_int_equal(calls.n, 3);
	skep_loop_remove_fd(loop, fds[0]);
	assert_int_equal(write(fds[1], "d", 1), 1);
	assert_int_equal(skep_loop_run(loop, 20 * MS, NULL), 0);
	assert_int_equal(calls.n, 3);
	skep_loop_free(loop);
	/* They are the caller's. */
	assert_int_equal(close(fds[0]), 0);
	assert_int_equal(close(fds[1]), 0);
}

static void loop_calls_timers(void **state)
{
	struct calls calls = { .stop_after = 5, .result = 1 };
	struct skep_loop *loop = new_loop();
	int64_t start = now_ms();

	(void)state;
	assert_int_equal(skep_loop_add_timer(loop, 10 * MS, count, &calls, NULL), 0);
	assert_int_equal(skep_loop_run(loop, -1, NULL), 1);
	assert_true(now_ms() - start >= 45);
	skep_loop_free(loop);
}

static void loop_ends_when_its_time_is_over(void **state)
{
	struct skep_loop *loop = new_loop();
	int64_t start = now_ms();

	(void)state;
	assert_int_equal(skep_loop_run(loop, 50 * MS, NULL), 0);
	assert_true(now_ms() - start >= 49);
	start = now_ms();
	assert_int_equal(skep_loop_run(loop, 0, NULL), 0);
	assert_true(now_ms() - start < 1000);
	skep_loop_free(loop);
}

static void loop_is_stopped_by_a_callback(void **state)
{
	struct skep_loop *loop = new_loop();
	struct calls calls = { .loop = loop };

	(void)state;
	assert_int_equal(skep_loop_add_timer(loop, MS, stop, &calls, NULL), 0);
	assert_int_equal(skep_loop_run(loop, -1, NULL), 0);
	assert_int_equal(calls.n, 1);
	/* It can be run again. */
	assert_int_equal(skep_loop_run(loop, -1, NULL), 0);
	assert_int_equal(calls.n, 2);
	skep_loop_free(loop);
}

static void *stop_later(void *loop)
{
	usleep(30000);
	skep_loop_stop(loop);
	return NULL;
}

static void loop_is_stopped_by_another_thread(void **state)
{
	struct skep_loop *loop = new_loop();
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, stop_later, loop), 0);
	assert_int_equal(skep_loop_run(loop, -1, NULL), 0);
	pthread_join(thread, NULL);
	skep_loop_free(loop);
}

static struct skep_loop *signalled;

static void on_alarm(int signal)
{
	(void)signal;
	skep_loop_stop(signalled);
}

static void loop_is_stopped_by_a_signal(void **state)
{
	struct sigaction act = { .sa_handler = on_alarm }, old;
	struct itimerspec in_30_ms = { .it_value.tv_nsec = 30 * MS };
	timer_t timer;

	(void)state;
	signalled = new_loop();
	sigaction(SIGALRM, &act, &old);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
	assert_int_equal(timer_settime(timer, 0, &in_30_ms, NULL), 0);
	assert_int_equal(skep_loop_run(signalled, -1, NULL), 0);
	timer_delete(timer);
	sigaction(SIGALRM, &old, NULL);
	skep_loop_free(signalled);
}

static void loop_lets_a_callback_remove_itself(void **state)
{
	struct skep_loop *loop = new_loop();
	struct calls gone = { .loop = loop }, other = { .stop_after = 10, .result = 5 };
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	gone.fd = fds[0];
	assert_int_equal(skep_loop_add_fd(loop, fds[0], remove_self, &gone, NULL), 0);
	assert_int_equal(skep_loop_add_timer(loop, MS, count, &other, NULL), 0);
	/* Never read: it would be called for ever. */
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(skep_loop_run(loop, -1, NULL), 5);
	assert_int_equal(gone.n, 1);
	skep_loop_free(loop);
	close(fds[0]);
	close(fds[1]);
}

/* The loop's own descriptor tells another loop when there is work. */
static void loop_fits_into_another_loop(void **state)
{
	struct skep_loop *loop = new_loop();
	struct calls calls = { .stop_after = -1 };
	struct pollfd poller = { .fd = skep_loop_fd(loop), .events = POLLIN };
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	calls.fd = fds[0];
	assert_int_equal(skep_loop_add_fd(loop, fds[0], read_byte, &calls, NULL), 0);
	assert_int_equal(poll(&poller, 1, 0), 0);
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(poll(&poller, 1, 1000), 1);
	assert_int_equal(skep_loop_run(loop, 0, NULL), 0);
	assert_int_equal(calls.n, 1);
	assert_int_equal(poll(&poller, 1, 0), 0);
	skep_loop_free(loop);
	close(fds[0]);
	close(fds[1]);
}

static void loop_refuses_what_cannot_be_waited_for(void **state)
{
	struct skep_loop *loop = new_loop();
	struct skep_error err = { 0 };

	(void)state;
	assert_true(skep_loop_add_fd(loop, -1, count, NULL, &err) < 0);
	assert_int_equal(err.code, EBADF);
	skep_loop_remove_fd(loop, 12345);
	skep_loop_free(loop);
	skep_loop_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loop_serves_descriptors),
		cmocka_unit_test(loop_calls_timers),
		cmocka_unit_test(loop_ends_when_its_time_is_over),
		cmocka_unit_test(loop_is_stopped_by_a_callback),
		cmocka_unit_test(loop_is_stopped_by_another_thread),
		cmocka_unit_test(loop_is_stopped_by_a_signal),
		cmocka_unit_test(loop_lets_a_callback_remove_itself),
		cmocka_unit_test(loop_fits_into_another_loop),
		cmocka_unit_test(loop_refuses_what_cannot_be_waited_for),
	};

	return cmocka_run_group_tests_name("event_loop", tests, NULL, NULL);
}
