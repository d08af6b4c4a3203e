// SPDX-License-Identifier: MIT
/* execs, a tool to hand out: exec.bpf.c with a user side of its own, in one executable. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <skep/ring.h>
#include <skep/text.h>

#include "exec.skel.h"

static struct skep_loop *loop;

static void stop(int signal)
{
	(void)signal;
	skep_loop_stop(loop);
}

static int print(void *ctx, const struct skep_record *record)
{
	const exec_bpf_events_record *e = record->data;
	struct skep_text line = { 0 };

	(void)ctx;
	skep_text_printf(&line, "%7u ", e->pid);
	skep_text_escaped(&line, e->comm, sizeof(e->comm)); /* anybody may have chosen it */
	skep_text_pad(&line, 0, 24);
	if (e->what == 0) {
		skep_text_printf(&line, "started by %u: ", e->ppid);
		skep_text_escaped(&line, e->file, sizeof(e->file));
	} else if (e->signal) {
		skep_text_printf(&line, "killed by signal %u after %u ms", e->signal & 0x7f, e->ms);
	} else {
		skep_text_printf(&line, "ended with %u after %u ms", e->code, e->ms);
	}
	puts(skep_text_string(&line));
	skep_text_free(&line);
	return 0;
}

/* A child that becomes the command when the other end of the pipe is closed. */
static pid_t start(char **command, int *go)
{
	int fds[2];
	char byte;
	pid_t pid;

	if (pipe(fds))
		return -1;
	*go = fds[1];
	pid = fork();
	if (pid) {
		close(fds[0]);
		return pid;
	}
	close(fds[1]);
	if (read(fds[0], &byte, 1) == 0) {
		close(fds[0]);
		execvp(command[0], command);
		perror(command[0]);
	}
	_exit(127);
}

/* Until a signal, or the command's end. */
static int watch(struct exec_bpf *skel, int go, struct skep_error *err)
{
	struct skep_ring *ring = skep_ring_open(skel->object, skel->maps.events, NULL, err);
	struct skep_ring_stats stats;
	int ret = -1;

	loop = skep_loop_new(err);
	if (ring && loop && !skep_loop_add_ring(loop, ring, print, NULL, err) &&
	    exec_bpf_attach(skel, err) >= 0) {
		signal(SIGINT, stop);
		signal(SIGTERM, stop);
		signal(SIGCHLD, stop);
		if (go >= 0)
			close(go);
		ret = skep_loop_run(loop, -1, err);
		skep_ring_drain(ring, print, NULL);
		skep_ring_stats(ring, &stats);
		if (stats.lost)
			fprintf(stderr, "%llu lost\n", (unsigned long long)stats.lost);
	}
	skep_loop_free(loop);
	skep_ring_close(ring);
	return ret;
}

static int run(struct exec_bpf *skel, char **command, struct skep_error *err)
{
	int go = -1, status = 0, ret;
	pid_t pid = 0;

	if (*command) {
		skel->rodata->ancestor = (unsigned int)getpid();
		pid = start(command, &go);
	}
	ret = exec_bpf_load(skel, NULL, err) ?: watch(skel, go, err);
	if (ret && pid > 0)
		kill(pid, SIGKILL);
	if (pid > 0)
		waitpid(pid, &status, 0);
	return ret;
}

static const char usage[] =
	"usage: execs [-u UID] [-m MS] [COMMAND [ARGS]]\n\n"
	"Tells which programs are started, and how they end: those of all processes until Ctrl-C,\n"
	"or those that COMMAND starts, until its end.\n\n"
	"  -u UID   only processes of this user\n"
	"  -m MS    only those that ran at least this long, when they end\n"
	"  -h       this text\n\n"
	"Needs root, or CAP_BPF and CAP_PERFMON, and Linux 5.10 or newer with BTF.\n";

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct exec_bpf *skel = exec_bpf_open(NULL, &err);
	int option, ret;

	while (skel && (option = getopt(argc, argv, "+u:m:h")) != -1) {
		if (option == 'u') {
			skel->rodata->uid = (unsigned int)strtoul(optarg, NULL, 10);
		} else if (option == 'm') {
			skel->rodata->min_ms = (unsigned int)strtoul(optarg, NULL, 10);
		} else {
			fputs(usage, option == 'h' ? stdout : stderr);
			exec_bpf_close(skel);
			return option == 'h' ? 0 : 2;
		}
	}
	setlinebuf(stdout);
	ret = skel ? run(skel, argv + optind, &err) : -1;
	if (ret)
		skep_error_print(&err, stderr);
	exec_bpf_close(skel);
	return ret ? 1 : 0;
}
