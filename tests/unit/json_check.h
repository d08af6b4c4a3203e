/* SPDX-License-Identifier: MIT */
#ifndef SKEP_TESTS_JSON_CHECK_H
#define SKEP_TESTS_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* True if @text is one JSON object (RFC 8259, UTF-8, no name twice) and a newline. */
bool is_json_line(const char *text, size_t len);

#endif
