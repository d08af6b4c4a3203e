/* SPDX-License-Identifier: MIT */
/* A folder with one description of tests, t.json, and one capture, t.pcap. */
#ifndef SKEP_TESTS_CLI_DESCRIBED_H
#define SKEP_TESTS_CLI_DESCRIBED_H

#include "cli/run.h"

extern char described_folder[64];

int described_setup(void **state);
int described_teardown(void **state);

/* The path of a file in it; static storage. */
const char *put_file(const char *name, const void *data, size_t len);

/* Runs a description of one test, whose members are @members, on the fixture. */
void describe(struct run_result *r, const char *members);

#define NAMED "\"name\": \"n\", \"program\": \"limit\","
/* 18 bytes, of type 0x88b5. */
#define PACKET "\"packet\": \"00010203040506070809 0a0b 88b5 11 22 33 44\","
#define LIMITS(least, most)                                                           \
	"\"maps\": { \"limits\": [ { \"key\": 34997, \"value\": { \"least\": " #least \
	", \"most\": " #most " } } ] },"

#endif
