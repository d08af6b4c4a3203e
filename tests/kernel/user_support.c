// SPDX-License-Identifier: MIT
#include "kernel/user_support.h"

#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "link/uprobe.h"
#include "user/usdt.h"

bool user_probes_are_there(void)
{
	return !access("/sys/bus/event_source/devices/uprobe/type", F_OK);
}

const char *user_library(void)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s", fixture_path("libuser_probes.so"));
	return path;
}

int call_user(const char *function, int a, int b)
{
	static void *library;
	int (*call)(int, int);

	if (!library)
		library = dlopen(user_library(), RTLD_NOW);
	if (!library)
		fail_msg("%s", dlerror());
	call = (int (*)(int, int))dlsym(library, function);
	assert_non_null(call);
	return call(a, b);
}

void call_user_in_child(const char *function, int a, int b)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(call_user(function, a, b) != a + b);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Where calling conventions put the first argument, and what a function returns. */
static uint64_t register_offset(bool result)
{
	static const struct {
		uint16_t machine;
		const char *argument, *result;
	} conventions[] = {
		{ EM_X86_64, "%rdi", "%rax" }, { EM_AARCH64, "x0", "x0" },
		{ EM_S390, "%r2", "%r2" },     { 243, "a0", "a0" },
		{ EM_PPC64, "3", "3" },
	};
	uint16_t machine = skep_usdt_kernel_machine(), offset;

	for (size_t i = 0; i < sizeof(conventions) / sizeof(conventions[0]); i++) {
		const char *name = result ? conventions[i].result : conventions[i].argument;

		if (conventions[i].machine == machine &&
		    skep_usdt_register(skep_usdt_notation(machine, machine), name, strlen(name),
				       &offset))
			return offset;
	}
	fail_msg("the registers of this machine are unknown");
	return 0;
}

struct skep_program *load_user_for(const char *program, bool result, const char *target)
{
	uint64_t offset = register_offset(result);
	struct skep_spec *spec = fixture_open_one("link_user", program, target);
	struct skep_error err = { 0 };

	assert_ok(!skep_spec_set_global(spec, "reg_offset", &offset, sizeof(offset), &err), &err);
	fixture_load();
	return fixture_program(program);
}

struct skep_program *load_user(const char *program)
{
	return load_user_for(program, false, NULL);
}

void close_user(struct skep_link *link, const char *function)
{
	uint64_t before;

	skep_link_close(link);
	before = fixture_value("hits");
	call_user(function, 1, 1);
	assert_int_equal(fixture_value("hits"), before);
}

struct skep_uprobe_opts in_this_process(const char *symbol)
{
	return (struct skep_uprobe_opts){ .size = sizeof(struct skep_uprobe_opts),
					  .symbol = symbol,
					  .pid = getpid() };
}

struct skep_link *attach_user(const struct skep_program *program, const char *path,
			      const struct skep_uprobe_opts *opts)
{
	struct skep_error err = { 0 };
	struct skep_link *link = skep_program_attach_uprobe(program, path, opts, &err);

	assert_ok(link, &err);
	return link;
}

uint64_t user_place(const char *path, const char *symbol, uint64_t offset)
{
	struct skep_binary *binary = malloc(sizeof(*binary));
	struct skep_error err = { 0 };
	uint64_t place = 0;

	assert_non_null(binary);
	assert_ok(!skep_binary_open(binary, path, 0, &err), &err);
	assert_ok(!skep_uprobe_place(binary, symbol, offset, &place, &err), &err);
	skep_binary_close(binary);
	free(binary);
	return place;
}
