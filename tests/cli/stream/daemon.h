/* SPDX-License-Identifier: MIT */
/* Servers that a test starts; they end with it, however it ends. */
#ifndef SKEP_TESTS_CLI_STREAM_DAEMON_H
#define SKEP_TESTS_CLI_STREAM_DAEMON_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* True if a command of this name is to be found, in sbin as well. */
bool daemon_is_there(const char *name);

/* Starts it with its output thrown away; @argv ends with NULL. */
pid_t daemon_start(const char *const *argv);

/* Ends it by SIGTERM, or by SIGKILL if @at_once, and waits until it is gone. */
void daemon_stop(pid_t pid, bool at_once);

/* A port of loopback that nobody listens to at present. */
uint16_t free_port(int type);

/* Waits until somebody listens to a port of TCP, ten seconds at most. */
bool port_answers(uint16_t port);

/* Waits until a file is there, and not empty; its text, to be freed. NULL: it did not come. */
char *file_text(const char *path);

#endif
