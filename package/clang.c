// SPDX-License-Identifier: MIT
#include "package/clang.h"

#include <errno.h>
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

static int run_clang(const char *const *argv, struct skep_error *err)
{
	int status;
	pid_t pid;
	int ret = posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)argv, environ);

	if (ret == ENOENT)
		return skep_clang_missing(argv[0], err);
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
	call->full |= call->n == MAX_FLAGS;
	if (!call->full)
		call->argv[call->n++] = flag;
}

static void add_all(struct call *call, const char *const *flags)
{
	while (flags && *flags && !call->full)
		add(call, *flags++);
}

/* What a flag is made of, as long as the call. */
struct words {
	struct skep_text define, source_map, include_map, types_map;
};

static void free_words(struct words *w)
{
	skep_text_free(&w->define);
	skep_text_free(&w->source_map);
	skep_text_free(&w->include_map);
	skep_text_free(&w->types_map);
}

static void add_machine(struct call *call, const char *machine, struct skep_text *define)
{
	/* For this machine the target stays what `bpf` is, so that nothing is compiled anew. */
	const char *target = !machine			       ? "bpf" :
			     skep_clang_is_big_endian(machine) ? "bpfeb" :
								 "bpfel";

	skep_text_printf(define, "-D__TARGET_ARCH_%s", machine ? machine : skep_clang_machine());
	add(call, "-target");
	add(call, target);
	add(call, skep_text_string(define));
}

/* The caller's flags come first, so that the folders of their headers do too. */
static void add_flags(struct call *call, const struct skep_clang_opts *opts, struct words *w)
{
	/* uapi headers of the system include asm/, which lies in the machine's own folder. */
	static const char *const usual[] = { "-g",    "-O2",	    "-mcpu=v3",
					     "-Wall", "-idirafter", SKEP_MULTIARCH_INCLUDE,
					     "-c",    NULL };

	add_machine(call, opts->machine, &w->define);
	add_all(call, usual);
	add_all(call, (const char *const *)opts->flags);
	if (opts->depfile) {
		const char *const depends[] = { "-MD", "-MF",	       opts->depfile,
						"-MQ", opts->produces, NULL };

		add_all(call, depends);
	}
}

static void add_map(struct call *call, struct skep_text *flag, const char *folder, int len,
		    const char *becomes)
{
	skep_text_printf(flag, "-ffile-prefix-map=%.*s/=%s", len, folder, becomes);
	add(call, skep_text_string(flag));
}

/*
 * Lines of the source are kept in BTF, and are read for it by the names that it has: embedded ones
 * are found whatever the names become.
 */
static void add_maps(struct call *call, const char *source, const char *include, const char *types,
		     struct words *w)
{
	const char *slash = strrchr(source, '/');

	add(call, "-gdwarf-5");
	add(call, "-gembed-source");
	add(call, "-ffile-compilation-dir=.");
	add_map(call, &w->include_map, include, (int)strlen(include), "");
	if (types)
		add_map(call, &w->types_map, types, (int)strlen(types), "");
	/* The compilation's folder, ".", is put before relative names only. */
	if (slash)
		add_map(call, &w->source_map, source, (int)(slash - source),
			*source == '/' ? "./" : "");
}

/* The folder of vmlinux.h: none is no error before the source asks for one. */
static const char *types_folder(const struct skep_clang_opts *opts, struct skep_text *vmlinux,
				struct skep_error *err)
{
	if (opts->types)
		return *opts->types ? opts->types : NULL;
	return skep_vmlinux_dir(vmlinux, err) ? NULL : skep_text_string(vmlinux);
}

static int compile(const char *clang, const char *source, const char *object,
		   const struct skep_clang_opts *opts, struct words *w, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text include = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text vmlinux = { 0 };
	struct call call = { .argv = { clang }, .n = 1 };
	struct skep_error no_vmlinux = { 0 };
	const char *types = types_folder(opts, &vmlinux, &no_vmlinux);
	int ret = skep_dir_include(&include, err);

	if (ret)
		return ret;
	add_flags(&call, opts, w);
	if (opts->is_reproducible)
		add_maps(&call, source, skep_text_string(&include), types, w);
	add(&call, "-I");
	add(&call, skep_text_string(&include));
	if (types) {
		add(&call, "-I");
		add(&call, types);
	}
	add(&call, source);
	add(&call, "-o");
	add(&call, object);
	add(&call, NULL);
	if (call.full)
		return skep_error_set(err, SKEP_STAGE_USAGE, E2BIG,
				      "clang is given too many options");
	ret = run_clang(call.argv, err);
	if (ret && no_vmlinux.code)
		skep_error_add_hint(err, "there is no vmlinux.h: %s", no_vmlinux.cause);
	return ret;
}

int skep_clang_compile(const char *source, const char *object, const struct skep_clang_opts *opts,
		       struct skep_error *err)
{
	static const struct skep_clang_opts defaults;
	const char *clang;
	struct words words = { 0 };
	int ret;

	opts = opts ? opts : &defaults;
	clang = opts->clang ? opts->clang : skep_clang_name();
	if (access(source, R_OK))
		ret = skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "cannot be read");
	else
		ret = clang ? compile(clang, source, object, opts, &words, err) :
			      skep_clang_missing(NULL, err);
	free_words(&words);
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
	static const char *const usual[] = { "-idirafter", SKEP_MULTIARCH_INCLUDE, NULL };
	SKEP_SCOPED(skep_scoped_fd) int out_fd = memfd_create("clang", MFD_CLOEXEC);
	SKEP_SCOPED(skep_scoped_fd) int messages_fd = memfd_create("clang", MFD_CLOEXEC);
	SKEP_SCOPED(skep_text_free) struct skep_text define = { 0 };
	const char *clang = skep_clang_name();
	struct call call = { .argv = { clang }, .n = 1 };
	int code, ret;

	if (!clang)
		return skep_clang_missing(NULL, err);
	add_machine(&call, NULL, &define);
	add_all(&call, usual);
	add_all(&call, flags);
	if (call.full)
		return skep_error_set(err, SKEP_STAGE_USAGE, E2BIG,
				      "clang is given too many options");
	if (out_fd < 0 || messages_fd < 0)
		return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "no file in memory");
	code = spawn_into(call.argv, out_fd, messages_fd);
	if (code == -ENOENT)
		return skep_clang_missing(clang, err);
	ret = code < 0 ? code : read_back(out_fd, out) ?: read_back(messages_fd, messages);
	if (ret)
		return skep_error_set_errno(err, SKEP_STAGE_BUILD, ret, "%s cannot be run", clang);
	return code;
}
