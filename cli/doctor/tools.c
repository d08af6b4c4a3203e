// SPDX-License-Identifier: MIT
#include "cli/doctor/tools.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/clang.h"
#include "package/dirs.h"

struct toolbox {
	struct tool *tools;
	size_t n;
};

static void add(struct toolbox *box, const char *name, enum skep_finding_state state,
		const char *fix, const char *fmt, ...) SKEP_PRINTF(5, 6);

static void add(struct toolbox *box, const char *name, enum skep_finding_state state,
		const char *fix, const char *fmt, ...)
{
	struct tool *tool = &box->tools[box->n++];
	va_list args;

	va_start(args, fmt);
	vsnprintf(tool->text, sizeof(tool->text), fmt, args);
	va_end(args);
	snprintf(tool->fix, sizeof(tool->fix), "%s", fix ?: "");
	tool->finding = (struct skep_finding){
		.area = "tools", .name = name, .state = state, .text = tool->text, .fix = tool->fix
	};
}

/* The first line that a command prints, or of its messages if @tells; false if it fails. */
static bool ask(const char *const *argv, bool tells, char *line, size_t size)
{
	posix_spawn_file_actions_t actions;
	int out[2], status = -1;
	ssize_t n;
	pid_t pid;

	*line = '\0';
	if (pipe2(out, O_CLOEXEC))
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out[1], tells ? STDERR_FILENO : STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, tells ? STDOUT_FILENO : STDERR_FILENO,
					 "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, environ))
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	close(out[1]);
	n = read(out[0], line, size - 1);
	close(out[0]);
	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return pid > 0 && WIFEXITED(status) && !WEXITSTATUS(status);
}

static void examine_clang(struct toolbox *box)
{
	static const char install[] = "apt-get install clang-19, or give its path in SKEP_CLANG";
	const char *name = skep_clang_name();
	const char *version[] = { name, "--version", NULL };
	const char *compile[] = { name, "-target",   "bpf", "-x",	 "c",
				  "-c", "/dev/null", "-o",  "/dev/null", NULL };
	char line[128], why[128];

	if (!name)
		add(box, "clang", SKEP_FINDING_NOTE, install,
		    "there is no clang: sources cannot be compiled, objects can be run");
	else if (!ask(version, false, line, sizeof(line)))
		add(box, "clang", SKEP_FINDING_MISSING, install, "%s cannot be run", name);
	else if (!ask(compile, true, why, sizeof(why)))
		add(box, "clang", SKEP_FINDING_MISSING, install,
		    "%s does not compile for eBPF: %s%s%s", name, line, *why ? ": " : "", why);
	else
		add(box, "clang", SKEP_FINDING_GOOD, NULL, "%s compiles for eBPF: %s", name, line);
}

static void examine_headers(struct toolbox *box)
{
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	struct skep_error err = { 0 };

	if (skep_dir_include(&path, &err))
		add(box, "headers", SKEP_FINDING_NOTE,
		    "give the folder that has skep/bpf in SKEP_INCLUDE", "%s", err.cause);
	else
		add(box, "headers", SKEP_FINDING_GOOD, NULL, "skep/bpf/ is in %s",
		    skep_text_string(&path));
}

static void examine_qemu(struct toolbox *box)
{
	struct utsname machine = { 0 };
	char name[128], fix[160], line[128];
	const char *version[] = { name, "--version", NULL };

	uname(&machine);
	snprintf(name, sizeof(name), "qemu-system-%s", machine.machine);
	snprintf(fix, sizeof(fix), "apt-get install %s",
		 strcmp(machine.machine, "x86_64") ? "qemu-system" : "qemu-system-x86");
	if (ask(version, false, line, sizeof(line)))
		add(box, "qemu", SKEP_FINDING_GOOD, NULL, "test kernels run in %s", line);
	else
		add(box, "qemu", SKEP_FINDING_NOTE, fix,
		    "there is no %s: programs cannot be tested on other kernels", name);
}

static void examine_kvm(struct toolbox *box)
{
	if (!access("/dev/kvm", R_OK | W_OK))
		add(box, "kvm", SKEP_FINDING_GOOD, NULL, "test kernels may run at full speed");
	else if (!access("/dev/kvm", F_OK))
		add(box, "kvm", SKEP_FINDING_NOTE, "adduser $USER kvm",
		    "/dev/kvm is not this user's: test kernels are emulated, some ten times slower");
	else
		add(box, "kvm", SKEP_FINDING_NOTE,
		    "modprobe kvm_intel or kvm_amd; in a machine that is virtual itself, allow nesting",
		    "there is no /dev/kvm: test kernels are emulated, some ten times slower");
}

static void examine_machines(struct toolbox *box)
{
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	struct skep_error err = { 0 };

	if (skep_dir_machines(&path, &err))
		add(box, "machines", SKEP_FINDING_NOTE, "give the path of skep's vm/run in SKEP_VM",
		    "%s", err.cause);
	else
		add(box, "machines", SKEP_FINDING_GOOD, NULL, "other kernels are run by %s",
		    skep_text_string(&path));
}

size_t examine_tools(struct tool tools[N_TOOLS])
{
	struct toolbox box = { .tools = tools };

	examine_clang(&box);
	examine_headers(&box);
	examine_machines(&box);
	examine_qemu(&box);
	examine_kvm(&box);
	return box.n;
}
