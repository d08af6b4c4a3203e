// SPDX-License-Identifier: MIT
#include "kernel/rights_support.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int keep_only(uint64_t caps)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ .effective = (uint32_t)caps, .permitted = (uint32_t)caps },
		{ .effective = (uint32_t)(caps >> 32), .permitted = (uint32_t)(caps >> 32) },
	};

	return (int)syscall(SYS_capset, &header, data);
}

int drop_all(void)
{
	return keep_only(0);
}

struct skep_error in_child(int (*give_up)(void), void (*attempt)(void *arg, struct skep_error *err),
			   void *arg)
{
	struct skep_error err = { 0 };
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (!child) {
		if (give_up())
			_exit(1);
		attempt(arg, &err);
		_exit(write(ends[1], &err, sizeof(err)) != sizeof(err));
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(read(ends[0], &err, sizeof(err)), sizeof(err));
	close(ends[0]);
	return err;
}
