/* SPDX-License-Identifier: MIT */
#ifndef SKEP_STREAM_NET_SEVERITY_H
#define SKEP_STREAM_NET_SEVERITY_H

/* By the numbers of syslog; end with NULL. */
extern const char *const skep_severities[], *const skep_facilities[];

#endif
