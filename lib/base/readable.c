// SPDX-License-Identifier: MIT
#include "base/readable.h"

#include <arpa/inet.h>
#include <signal.h>
#include <time.h>
#include <skep/error.h>

#include "base/digits.h"

#define NS	   1000000000ull
#define DAY	   86400
#define MOST_ERRNO 4095

static void write_ipv4(const uint8_t *bytes, struct skep_text *out)
{
	char *at;

	if (!skep_text_room(out, 4 * 4))
		return;
	at = out->data + out->len;
	for (int i = 0; i < 4; i++) {
		at = skep_put_u64(at, bytes[i]);
		*at++ = '.';
	}
	out->len = (size_t)(at - 1 - out->data);
}

void skep_write_address(const uint8_t *bytes, size_t len, struct skep_text *out)
{
	char text[INET6_ADDRSTRLEN];

	if (len == 4)
		write_ipv4(bytes, out);
	else if (inet_ntop(AF_INET6, bytes, text, sizeof(text)))
		skep_text_str(out, text);
}

void skep_write_octets(const uint8_t *bytes, size_t len, char separator, struct skep_text *out)
{
	static const char digits[] = "0123456789abcdef";
	char *at;

	if (!len || len > SIZE_MAX / 3 || !skep_text_room(out, len * 3))
		return;
	at = out->data + out->len;
	for (size_t i = 0; i < len; i++) {
		*at++ = digits[bytes[i] >> 4];
		*at++ = digits[bytes[i] & 15];
		*at = separator;
		at += separator && i + 1 < len;
	}
	out->len = (size_t)(at - out->data);
}

void skep_write_errno(int64_t number, struct skep_text *out)
{
	bool is_in_range = number >= -MOST_ERRNO && number <= MOST_ERRNO;
	const char *name = is_in_range ? skep_errno_name((int)number) : "E?";

	if (number && strcmp(name, "E?") != 0)
		skep_text_str(out, name);
	else
		skep_text_i64(out, number);
}

/* Numbers differ between machines; the names of the C library's header do not. */
static const char *const signals[] = {
	[SIGHUP] = "SIGHUP",	   [SIGINT] = "SIGINT",	      [SIGQUIT] = "SIGQUIT",
	[SIGILL] = "SIGILL",	   [SIGTRAP] = "SIGTRAP",     [SIGABRT] = "SIGABRT",
	[SIGBUS] = "SIGBUS",	   [SIGFPE] = "SIGFPE",	      [SIGKILL] = "SIGKILL",
	[SIGUSR1] = "SIGUSR1",	   [SIGSEGV] = "SIGSEGV",     [SIGUSR2] = "SIGUSR2",
	[SIGPIPE] = "SIGPIPE",	   [SIGALRM] = "SIGALRM",     [SIGTERM] = "SIGTERM",
	[SIGCHLD] = "SIGCHLD",	   [SIGCONT] = "SIGCONT",     [SIGSTOP] = "SIGSTOP",
	[SIGTSTP] = "SIGTSTP",	   [SIGTTIN] = "SIGTTIN",     [SIGTTOU] = "SIGTTOU",
	[SIGURG] = "SIGURG",	   [SIGXCPU] = "SIGXCPU",     [SIGXFSZ] = "SIGXFSZ",
	[SIGPROF] = "SIGPROF",	   [SIGVTALRM] = "SIGVTALRM", [SIGWINCH] = "SIGWINCH",
	[SIGPOLL] = "SIGPOLL",	   [SIGPWR] = "SIGPWR",	      [SIGSYS] = "SIGSYS",
#ifdef SIGSTKFLT
	[SIGSTKFLT] = "SIGSTKFLT",
#endif
};

void skep_write_signal(int64_t number, struct skep_text *out)
{
	bool is_known = number > 0 && number < (int64_t)(sizeof(signals) / sizeof(signals[0]));

	if (is_known && signals[number])
		skep_text_str(out, signals[number]);
	else
		skep_text_i64(out, number);
}

/* Thousandths of something, "1.500", with a unit that has its blank in front. */
static void write_thousandths(uint64_t thousandths, const char unit[8], struct skep_text *out)
{
	char *at;

	if (!skep_text_room(out, SKEP_DIGITS_MOST + 1 + 8))
		return;
	at = skep_put_u64(out->data + out->len, thousandths / 1000);
	*at++ = '.';
	at = skep_put_digits(at, thousandths % 1000, 3);
	memcpy(at, unit, 8);
	out->len = (size_t)(at - out->data) + strlen(unit);
}

void skep_write_span(int64_t ns, struct skep_text *out)
{
	uint64_t n = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

	if (ns < 0)
		skep_text_char(out, '-');
	if (n < 1000) {
		skep_text_u64(out, n);
		skep_text_lit(out, " ns");
	} else if (n < 1000000) {
		write_thousandths(n, " us\0\0\0\0", out);
	} else if (n < NS) {
		write_thousandths(n / 1000, " ms\0\0\0\0", out);
	} else {
		write_thousandths(n / 1000000, " s\0\0\0\0\0", out);
	}
}

/* Tenths of a unit of 1024 to the @power, halves to the even one. */
static uint64_t tenths(uint64_t bytes, unsigned int power)
{
	unsigned __int128 scaled = (unsigned __int128)bytes * 10;
	unsigned __int128 half = (unsigned __int128)1 << (10 * power - 1);
	unsigned __int128 rest = scaled & (2 * half - 1);
	uint64_t whole = (uint64_t)(scaled >> 10 * power);

	return whole + (rest > half || (rest == half && whole % 2));
}

void skep_write_size(uint64_t bytes, struct skep_text *out)
{
	static const char units[][5] = { " B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB" };
	unsigned int power = 1;
	uint64_t value;

	if (bytes < 1024) {
		skep_text_u64(out, bytes);
		skep_text_lit(out, " B");
		return;
	}
	/* What would be rounded up to 1024.0 is one of the next unit. */
	while ((value = tenths(bytes, power)) >= 10240)
		power++;
	skep_text_u64(out, value / 10);
	if (!skep_text_room(out, 2))
		return;
	out->data[out->len++] = '.';
	out->data[out->len++] = (char)('0' + value % 10);
	skep_text_bytes(out, units[power], 4);
}

/* "12:30:01." */
static char *put_time_of_day(char *at, uint64_t second)
{
	at = skep_put_digits(at, second / 3600, 2);
	*at++ = ':';
	at = skep_put_digits(at, second / 60 % 60, 2);
	*at++ = ':';
	at = skep_put_digits(at, second % 60, 2);
	*at++ = '.';
	return at;
}

/*
 * Seconds by which the local time is ahead of UTC. Zones change at full quarters of an hour, so
 * that who writes times in their order asks seldom. The last answer is one word, which threads
 * share: the quarter and one, so that none has been asked for yet is 0, and its offset below.
 */
static int64_t zone_offset(uint64_t second)
{
	static uint64_t last;
	uint64_t known = __atomic_load_n(&last, __ATOMIC_RELAXED), quarter = second / 900 + 1;
	time_t time = (time_t)second;
	struct tm tm = { 0 };

	if (known >> 32 == quarter)
		return (int32_t)known;
	localtime_r(&time, &tm);
	__atomic_store_n(&last, quarter << 32 | (uint32_t)tm.tm_gmtoff, __ATOMIC_RELAXED);
	return tm.tm_gmtoff;
}

void skep_write_clock(uint64_t realtime, struct skep_text *out)
{
	uint64_t second = realtime / NS;
	int64_t local = (int64_t)second + zone_offset(second) + DAY;
	char *at;

	if (!skep_text_room(out, sizeof("12:30:01.000123")))
		return;
	at = put_time_of_day(out->data + out->len, (uint64_t)local % DAY);
	at = skep_put_digits(at, realtime % NS / 1000, 6);
	out->len = (size_t)(at - out->data);
}

/*
 * "2026-01-31T" of the Gregorian calendar. Years are counted from the first of March, so that a
 * leap day is the last of its year, and in eras of 400 years, after which all repeats.
 */
static char *put_date(char *at, uint64_t days)
{
	uint64_t day = days + 719468, era = day / 146097, year, month;

	day %= 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	month = month < 10 ? month + 3 : month - 9;
	year += era * 400 + (month <= 2);
	at = skep_put_digits(at, year, 4);
	*at++ = '-';
	at = skep_put_digits(at, month, 2);
	*at++ = '-';
	at = skep_put_digits(at, day + 1, 2);
	*at++ = 'T';
	return at;
}

void skep_write_instant(uint64_t realtime, struct skep_text *out)
{
	uint64_t second = realtime / NS;
	char *at;

	if (!skep_text_room(out, sizeof("2026-01-31T12:30:01.000123456Z")))
		return;
	at = put_date(out->data + out->len, second / DAY);
	at = put_time_of_day(at, second % DAY);
	at = skep_put_digits(at, realtime % NS, 9);
	*at++ = 'Z';
	out->len = (size_t)(at - out->data);
}
