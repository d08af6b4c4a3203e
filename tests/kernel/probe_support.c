// SPDX-License-Identifier: MIT
#include "kernel/probe_support.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static struct skep_spec *spec;
static struct skep_object *object;

struct skep_program *load_hook(const char *fixture, const char *program)
{
	spec = open_fixture(fixture);
	only_this_process(spec);
	only_program(spec, program);
	object = load_spec(spec);
	return skep_object_program(object, program);
}

struct skep_program *load_probe(const char *program)
{
	return load_hook("link_probes", program);
}

void unload_probe(void)
{
	skep_object_close(object);
	skep_spec_free(spec);
	object = NULL;
	spec = NULL;
}

uint64_t probe_value(const char *name)
{
	return global_value(object, name);
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

void close_and_expect_silence(struct skep_link *link, void (*act)(int times))
{
	uint64_t before;

	skep_link_close(link);
	before = probe_value("hits");
	act(10);
	assert_int_equal(probe_value("hits"), before);
}
