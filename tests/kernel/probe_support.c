// SPDX-License-Identifier: MIT
#include "kernel/probe_support.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>

struct skep_program *load_hook(const char *fixture, const char *program)
{
	only_this_process(fixture_open_one(fixture, program, NULL));
	fixture_load();
	return fixture_program(program);
}

struct skep_program *load_probe(const char *program)
{
	return load_hook("link_probes", program);
}

struct skep_link *attach_hook(const char *fixture, const char *program, const char *label)
{
	struct skep_error err = { 0 };
	struct skep_link *link = skep_program_attach(load_hook(fixture, program), &err);

	assert_ok(link, &err);
	assert_string_equal(skep_link_label(link), label);
	return link;
}

void read_zero(int times)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	char byte;

	assert_true(fd >= 0);
	while (times--)
		assert_int_equal(read(fd, &byte, 1), 1);
	close(fd);
}

void use_cpu(int ms)
{
	struct timespec start, now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < ms);
}

void give_way(int times)
{
	struct timespec moment = { .tv_nsec = 1000000 };

	while (times--)
		nanosleep(&moment, NULL);
}

void close_and_expect_silence_of(struct skep_link *link, const char *counter,
				 void (*act)(int times))
{
	uint64_t before;

	skep_link_close(link);
	before = fixture_value(counter);
	act(10);
	assert_int_equal(fixture_value(counter), before);
}

void close_and_expect_silence(struct skep_link *link, void (*act)(int times))
{
	close_and_expect_silence_of(link, "hits", act);
}

void expect_firing(const char *fixture, const char *program, const char *label, uint64_t hits,
		   void (*act)(int times))
{
	struct skep_link *link = attach_hook(fixture, program, label);

	act(10);
	assert_true(fixture_value("hits") >= hits);
	close_and_expect_silence(link, act);
	fixture_leave();
}

static int open_zero(void)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	int code = errno;

	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 0 : code;
}

void expect_decision(const char *program, const char *label, int code)
{
	struct skep_link *link = attach_hook("link_trace", program, label);

	assert_int_equal(open_zero(), code);
	skep_link_close(link);
	assert_int_equal(open_zero(), 0);
	fixture_leave();
}
