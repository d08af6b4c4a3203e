// SPDX-License-Identifier: MIT
#include "daemon.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEP 20000 /* us */
#define LONG (10000000 / STEP)

#define MOST_ARGS 31

static const char *const folders[] = { "/usr/sbin", "/usr/bin", "/sbin", "/bin" };

static bool find(const char *name, char *path, size_t size)
{
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, size, "%s/%s", folders[i], name);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

bool daemon_is_there(const char *name)
{
	char path[128];

	return find(name, path, sizeof(path));
}

pid_t daemon_start(const char *const *argv)
{
	char path[128], *args[MOST_ARGS + 1];
	size_t n = 0;
	pid_t pid;

	if (!find(argv[0], path, sizeof(path)))
		return -1;
	for (; argv[n] && n < MOST_ARGS; n++)
		args[n] = (char *)argv[n];
	args[n] = NULL;
	/* By its path: python looks for its own files beside what $PATH has under its name. */
	args[0] = path;
	pid = fork();
	if (!pid) {
		int null = open("/dev/null", O_RDWR);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (int fd = 0; fd < 3; fd++)
			dup2(null, fd);
		execv(path, args);
		_exit(127);
	}
	return pid;
}

void daemon_stop(pid_t pid, bool at_once)
{
	if (pid <= 0)
		return;
	kill(pid, at_once ? SIGKILL : SIGTERM);
	for (int i = 0; i < LONG; i++) {
		if (waitpid(pid, NULL, WNOHANG))
			return;
		usleep(STEP);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int loopback(int type, uint16_t port, struct sockaddr_in *address)
{
	*address = (struct sockaddr_in){ .sin_family = AF_INET,
					 .sin_port = htons(port),
					 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	return socket(AF_INET, type | SOCK_CLOEXEC, 0);
}

uint16_t free_port(int type)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);
	int fd = loopback(type, 0, &address);
	uint16_t port = 0;

	if (!bind(fd, (struct sockaddr *)&address, len) &&
	    !getsockname(fd, (struct sockaddr *)&address, &len))
		port = ntohs(address.sin_port);
	close(fd);
	return port;
}

bool port_answers(uint16_t port)
{
	for (int i = 0; i < LONG; i++) {
		struct sockaddr_in address;
		int fd = loopback(SOCK_STREAM, port, &address);
		int ret = connect(fd, (struct sockaddr *)&address, sizeof(address));

		close(fd);
		if (!ret)
			return true;
		usleep(STEP);
	}
	return false;
}

static char *read_all(const char *path)
{
	FILE *f = fopen(path, "re");
	size_t len = 0;
	char *text = NULL;

	if (!f)
		return NULL;
	if (getdelim(&text, &len, '\0', f) <= 0) {
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

char *file_text(const char *path)
{
	char *text = NULL;

	for (int i = 0; i < LONG && !text; i++) {
		text = read_all(path);
		if (!text)
			usleep(STEP);
	}
	return text;
}
