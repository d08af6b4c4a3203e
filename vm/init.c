// SPDX-License-Identifier: MIT
/*
 * Process 1 of the test machine: mounts what a program expects, loads the modules given, runs the
 * jobs given one after the other, and switches the machine off.
 *
 * It is told what to do by files in /skep, each a sequence of NUL-terminated strings:
 *	modules	paths, in the order in which they are loaded
 *	env	NAME=VALUE for all jobs
 *	jobs	for each job: its folder, its arguments, an empty string
 * and by the kernel's command line: SKEP_PORT, the device that results go to, and
 * SKEP_JOB_SECONDS, after which a job is ended.
 *
 * On the port it writes frames "TYPE LENGTH\n" and LENGTH bytes: o and e, what a job printed; x,
 * its exit code, in the order of the jobs; m, a message of its own; d, all is done. The console
 * stays the kernel's.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define MAX_ARGS      256
#define EXIT_TIMEOUT  124 /* as timeout(1) */
#define EXIT_NO_START 127 /* as a shell */

static int port = -1;

static void write_all(const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(port, data, len);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
}

static void frame(char type, const char *data, size_t len)
{
	char head[32];

	write_all(head, (size_t)snprintf(head, sizeof(head), "%c %zu\n", type, len));
	write_all(data, len);
}

__attribute__((format(printf, 2, 3))) static void say(char type, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	frame(type, text, strlen(text));
}

static void mount_all(void)
{
	static const struct {
		const char *type, *dir;
		bool optional;
	} mounts[] = {
		{ "proc", "/proc", false },
		{ "sysfs", "/sys", false },
		{ "devtmpfs", "/dev", false },
		{ "devpts", "/dev/pts", false },
		{ "tmpfs", "/dev/shm", false },
		{ "bpf", "/sys/fs/bpf", true },
		{ "cgroup2", "/sys/fs/cgroup", true },
		{ "tracefs", "/sys/kernel/tracing", true },
		{ "debugfs", "/sys/kernel/debug", true },
		{ "securityfs", "/sys/kernel/security", true },
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].dir, 0755);
		if (mount(mounts[i].type, mounts[i].dir, mounts[i].type, 0, NULL) &&
		    !mounts[i].optional)
			fprintf(stderr, "init: %s: %m\n", mounts[i].dir);
	}
}

static void open_port(void)
{
	const char *name = getenv("SKEP_PORT");
	char path[64];
	struct termios tio;

	snprintf(path, sizeof(path), "/dev/%s", name ? name : "ttyS1");
	/* A port of virtio comes a little later than the machine. */
	for (int i = 0; i < 1000; i++) {
		port = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
		if (port >= 0 || errno != ENOENT)
			break;
		usleep(10000);
	}
	if (port < 0) {
		fprintf(stderr, "init: %s: %m\n", path);
		return;
	}
	if (!tcgetattr(port, &tio)) {
		cfmakeraw(&tio);
		tcsetattr(port, TCSANOW, &tio);
	}
}

static void loopback_up(void)
{
	struct ifreq req = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &req))
		fprintf(stderr, "init: lo: %m\n");
	close(fd);
}

/* A whole file as one block with a NUL behind it; empty if there is none. */
static char *read_file(const char *path, size_t *len)
{
	struct stat st = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *data;

	if (fd >= 0)
		fstat(fd, &st);
	data = calloc(1, (size_t)st.st_size + 1);
	*len = 0;
	if (fd >= 0 && data && read(fd, data, (size_t)st.st_size) == st.st_size)
		*len = (size_t)st.st_size;
	close(fd);
	return data;
}

static void load_module(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
		say('m', "module %s cannot be loaded: %s", path, strerror(errno));
	close(fd);
}

static void for_each_string(const char *path, void (*use)(const char *))
{
	size_t len;
	char *data = read_file(path, &len);

	for (char *s = data; data && s < data + len; s += strlen(s) + 1)
		use(s);
	free(data);
}

static void set_env(const char *assignment)
{
	putenv(strdup(assignment));
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}

/* Passes on what is there; forgets the pipe at its end. */
static void forward(struct pollfd *pipe, char type)
{
	char data[16384];
	ssize_t n;

	if (!(pipe->revents & (POLLIN | POLLHUP)))
		return;
	n = read(pipe->fd, data, sizeof(data));
	if (n > 0) {
		frame(type, data, (size_t)n);
	} else {
		close(pipe->fd);
		pipe->fd = -1;
	}
}

/* Collects every process that has ended; true once @pid is among them. */
static bool reap(pid_t pid, int *status)
{
	bool found = false;
	pid_t ended;
	int s;

	while ((ended = waitpid(-1, &s, WNOHANG)) > 0)
		if (ended == pid) {
			*status = s;
			found = true;
		}
	return found;
}

/* A job has ended when its process has; what it left running is ended with it. */
static int follow(pid_t pid, int out, int err, int64_t deadline)
{
	struct pollfd pipes[2] = { { out, POLLIN, 0 }, { err, POLLIN, 0 } };
	bool running = true, timed_out = false;
	int status = 0;

	while (running || pipes[0].fd >= 0 || pipes[1].fd >= 0) {
		poll(pipes, 2, running ? 20 : 100);
		forward(&pipes[0], 'o');
		forward(&pipes[1], 'e');
		if (!running)
			reap(-1, &status);
		else if (reap(pid, &status))
			running = false;
		else if (now_ms() > deadline)
			timed_out = true;
		if (!running || timed_out)
			kill(-1, SIGKILL);
	}
	if (timed_out)
		return EXIT_TIMEOUT;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void become_job(const char *dir, char **argv, int out, int err)
{
	setsid();
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(out, 1);
	dup2(err, 2);
	if (chdir(dir))
		fprintf(stderr, "init: %s: %m\n", dir);
	execvp(argv[0], argv);
	fprintf(stderr, "init: %s cannot be started: %m\n", argv[0]);
	_exit(EXIT_NO_START);
}

static void run_job(const char *dir, char **argv)
{
	const char *seconds = getenv("SKEP_JOB_SECONDS");
	int64_t deadline = now_ms() + (seconds ? atoll(seconds) : 120) * 1000;
	int out[2], err[2], code;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) {
		say('m', "no pipe: %s", strerror(errno));
		return;
	}
	pid = fork();
	if (!pid)
		become_job(dir, argv, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	code = follow(pid, out[0], err[0], deadline);
	if (code == EXIT_TIMEOUT)
		say('m', "%s took too long and was ended", argv[0]);
	say('x', "%d", code);
}

static void run_jobs(void)
{
	char *argv[MAX_ARGS + 1];
	size_t len, n = 0;
	char *jobs = read_file("/skep/jobs", &len);
	const char *dir = NULL;

	for (char *s = jobs; jobs && s < jobs + len; s += strlen(s) + 1) {
		if (!dir) {
			dir = s;
		} else if (*s) {
			argv[n < MAX_ARGS ? n++ : n] = s;
		} else {
			argv[n] = NULL;
			run_job(dir, argv);
			dir = NULL;
			n = 0;
		}
	}
	free(jobs);
}

int main(void)
{
	mount_all();
	open_port();
	sethostname("skep", 4);
	loopback_up();
	for_each_string("/skep/modules", load_module);
	for_each_string("/skep/env", set_env);
	run_jobs();
	say('d', "done");
	/* A port that is no terminal has no tcdrain. */
	if (port >= 0 && tcdrain(port))
		usleep(100000);
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
