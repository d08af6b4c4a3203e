// SPDX-License-Identifier: MIT
#include "package/clang.h"

#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/dirs.h"
#include "package/vmlinux.h"

#if defined(__x86_64__)
#define TARGET_ARCH "-D__TARGET_ARCH_x86"
#elif defined(__i386__)
#define TARGET_ARCH "-D__TARGET_ARCH_i386"
#elif defined(__aarch64__)
#define TARGET_ARCH "-D__TARGET_ARCH_arm64"
#elif defined(__s390x__)
#define TARGET_ARCH "-D__TARGET_ARCH_s390"
#elif defined(__riscv)
#define TARGET_ARCH "-D__TARGET_ARCH_riscv"
#elif defined(__powerpc64__)
#define TARGET_ARCH "-D__TARGET_ARCH_powerpc"
#elif defined(__arm__)
#define TARGET_ARCH "-D__TARGET_ARCH_arm"
#elif defined(__mips__)
#define TARGET_ARCH "-D__TARGET_ARCH_mips"
#elif defined(__loongarch__)
#define TARGET_ARCH "-D__TARGET_ARCH_loongarch"
#else
#define TARGET_ARCH "-D__TARGET_ARCH_x86"
#endif

static bool in_path(const char *name)
{
	const char *dirs = getenv("PATH");
	char path[PATH_MAX];

	while (dirs && *dirs) {
		size_t len = strcspn(dirs, ":");

		snprintf(path, sizeof(path), "%.*s/%s", (int)len, dirs, name);
		if (!access(path, X_OK))
			return true;
		dirs += len + (dirs[len] == ':');
	}
	return false;
}

/* 19 is what skep is tested with; others that know -mcpu=v3 and BTF are taken as they come. */
const char *skep_clang_name(void)
{
	static const char *const names[] = { "clang-19", "clang-20", "clang-21",
					     "clang",	 "clang-18", "clang-17",
					     "clang-16", "clang-15", "clang-14" };
	const char *asked = getenv("SKEP_CLANG");

	if (asked && *asked)
		return asked;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (in_path(names[i]))
			return names[i];
	return NULL;
}

static int no_clang(struct skep_error *err)
{
	const char *asked = getenv("SKEP_CLANG");

	if (asked && *asked) {
		skep_error_set(err, SKEP_STAGE_BUILD, ENOENT,
			       "SKEP_CLANG is '%s', which is not there", asked);
		skep_error_add_hint(err, "give clang's path in it, or unset it");
		return -ENOENT;
	}
	skep_error_set(err, SKEP_STAGE_BUILD, ENOENT, "clang is not installed");
	skep_error_add_hint(err,
			    "on Debian: apt-get install clang-19; or give its path in SKEP_CLANG");
	return -ENOENT;
}

static int run_clang(const char *const *argv, struct skep_error *err)
{
	int status;
	pid_t pid;
	int ret = posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)argv, environ);

	if (ret == ENOENT)
		return no_clang(err);
	if (ret)
		return skep_error_set_errno(err, SKEP_STAGE_BUILD, ret, "%s cannot be started",
					    argv[0]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno,
						    "%s cannot be waited for", argv[0]);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (WIFSIGNALED(status))
		return skep_error_set(err, SKEP_STAGE_BUILD, EINVAL, "%s was ended by signal %d",
				      argv[0], WTERMSIG(status));
	return skep_error_set(err, SKEP_STAGE_BUILD, EINVAL, "%s refused it, see above", argv[0]);
}

#define MAX_FLAGS 256

/* What clang is called with; beyond the last place nothing is added, and `full` is set. */
struct call {
	const char *argv[MAX_FLAGS + 1];
	size_t n;
	bool full;
};

static void add(struct call *call, const char *flag)
{
	call->full = call->n == MAX_FLAGS;
	if (!call->full)
		call->argv[call->n++] = flag;
}

static void add_all(struct call *call, const char *const *flags)
{
	while (flags && *flags && !call->full)
		add(call, *flags++);
}

/* The caller's flags come first, so that the folders of their headers do too. */
static int add_flags(struct call *call, const struct skep_clang_opts *opts, struct skep_error *err)
{
	/* uapi headers of the system include asm/, which lies in the machine's own folder. */
	static const char *const usual[] = { "-target", "bpf",	      "-g",
					     "-O2",	"-mcpu=v3",   TARGET_ARCH,
					     "-Wall",	"-idirafter", SKEP_MULTIARCH_INCLUDE,
					     "-c",	NULL };

	add_all(call, usual);
	if (opts && opts->flags)
		add_all(call, (const char *const *)opts->flags);
	if (opts && opts->depfile) {
		const char *const depends[] = { "-MD", "-MF",	       opts->depfile,
						"-MQ", opts->produces, NULL };

		add_all(call, depends);
	}
	/* What is to come still has places. */
	if (call->n + 8 <= MAX_FLAGS)
		return 0;
	return skep_error_set(err, SKEP_STAGE_USAGE, E2BIG, "clang is given too many options");
}

static int compile(const char *clang, const char *source, const char *object,
		   const struct skep_clang_opts *opts, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text include = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text vmlinux = { 0 };
	struct call call = { .argv = { clang }, .n = 1 };
	struct skep_error no_vmlinux = { 0 };
	int ret = skep_dir_include(&include, err) ?: add_flags(&call, opts, err);

	if (ret)
		return ret;
	add(&call, "-I");
	add(&call, skep_text_string(&include));
	if (!skep_vmlinux_dir(&vmlinux, &no_vmlinux)) {
		add(&call, "-I");
		add(&call, skep_text_string(&vmlinux));
	}
	add(&call, source);
	add(&call, "-o");
	add(&call, object);
	add(&call, NULL);
	ret = run_clang(call.argv, err);
	if (ret && no_vmlinux.code)
		skep_error_add_hint(err, "there is no vmlinux.h: %s", no_vmlinux.cause);
	return ret;
}

int skep_clang_compile(const char *source, const char *object, const struct skep_clang_opts *opts,
		       struct skep_error *err)
{
	const char *clang = skep_clang_name();
	int ret;

	if (access(source, R_OK))
		ret = skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "cannot be read");
	else
		ret = clang ? compile(clang, source, object, opts, err) : no_clang(err);
	if (ret)
		skep_error_add_object(err, "%s", source);
	return ret;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Written to by a process that has ended. */
static int read_back(int fd, struct skep_text *out)
{
	ssize_t n = 1;

	lseek(fd, 0, SEEK_SET);
	while (n > 0 && skep_text_room(out, 1 << 16)) {
		n = read(fd, out->data + out->len, 1 << 16);
		out->len += n > 0 ? (size_t)n : 0;
	}
	return n < 0 ? -errno : out->failed ? -ENOMEM : 0;
}

/* A clang that is ccache's would answer a question about a source with what another one was told.
 */
static char **environment_without_ccache(void)
{
	size_t n = 0;
	char **copy;

	while (environ[n])
		n++;
	copy = calloc(n + 2, sizeof(*copy));
	if (!copy)
		return NULL;
	copy[0] = (char *)"CCACHE_DISABLE=1";
	memcpy(copy + 1, environ, n * sizeof(*copy));
	return copy;
}

static int spawn_into(const char *const *argv, int out, int messages)
{
	SKEP_SCOPED(skep_scoped_free) char **env = environment_without_ccache();
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int ret = env ? posix_spawn_file_actions_init(&actions) : ENOMEM;

	if (ret)
		return -ret;
	ret = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO)		  ?:
		      posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO) ?:
		      posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, env);
	posix_spawn_file_actions_destroy(&actions);
	return ret ? -ret : wait_for(pid);
}

int skep_clang_run(const char *const *flags, struct skep_text *out, struct skep_text *messages,
		   struct skep_error *err)
{
	static const char *const usual[] = {
		"-target", "bpf", TARGET_ARCH, "-idirafter", SKEP_MULTIARCH_INCLUDE, NULL
	};
	SKEP_SCOPED(skep_scoped_fd) int out_fd = memfd_create("clang", MFD_CLOEXEC);
	SKEP_SCOPED(skep_scoped_fd) int messages_fd = memfd_create("clang", MFD_CLOEXEC);
	const char *clang = skep_clang_name();
	struct call call = { .argv = { clang }, .n = 1 };
	int code, ret;

	if (!clang)
		return no_clang(err);
	add_all(&call, usual);
	add_all(&call, flags);
	if (call.full)
		return skep_error_set(err, SKEP_STAGE_USAGE, E2BIG,
				      "clang is given too many options");
	if (out_fd < 0 || messages_fd < 0)
		return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "no file in memory");
	code = spawn_into(call.argv, out_fd, messages_fd);
	if (code == -ENOENT)
		return no_clang(err);
	ret = code < 0 ? code : read_back(out_fd, out) ?: read_back(messages_fd, messages);
	if (ret)
		return skep_error_set_errno(err, SKEP_STAGE_BUILD, ret, "%s cannot be run", clang);
	return code;
}
