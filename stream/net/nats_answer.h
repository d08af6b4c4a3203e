/* SPDX-License-Identifier: MIT */
#ifndef SKEP_STREAM_NET_NATS_ANSWER_H
#define SKEP_STREAM_NET_NATS_ANSWER_H

#include <skep/error.h>

enum skep_nats_fate { SKEP_NATS_TAKEN, SKEP_NATS_AGAIN, SKEP_NATS_REFUSED };

/*
 * What JetStream answers to a message: {"stream":"S","seq":1}, or {"error":{"code":503,
 * "description":"..."}}, which is told in @why.
 */
enum skep_nats_fate skep_nats_read_answer(const char *answer, size_t len, struct skep_error *why);

#endif
