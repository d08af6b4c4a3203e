// SPDX-License-Identifier: MIT
#include <skep/histogram.h>

#include <stdio.h>

#include "base/opts.h"

#define STARS	   40
#define FEW_SLOTS  32 /* whose numbers have at most ten digits */
#define LOG2_SLOTS 64

/* The slots that are shown, and what a full bar stands for. */
struct shown {
	size_t first, end;
	uint64_t most;
	int digits, stars;
};

/* A bound of a slot: 64 bits and a sign, since a linear one may begin below zero. */
struct bound {
	bool is_negative;
	uint64_t magnitude;
};

static uint64_t step_of(const struct skep_histogram *h)
{
	return h->step ? h->step : 1;
}

static size_t n_slots(const struct skep_histogram *h)
{
	return h->kind == SKEP_HISTOGRAM_LOG2 && h->n > LOG2_SLOTS ? LOG2_SLOTS : h->n;
}

static void count(struct skep_histogram *h, uint64_t slot)
{
	if (slot < n_slots(h))
		h->slots[slot]++;
	else
		h->above++;
}

static uint64_t log2_of(uint64_t value)
{
	return value ? 63 - (uint64_t)__builtin_clzll(value) : 0;
}

void skep_histogram_add_unsigned(struct skep_histogram *h, uint64_t value)
{
	if (!h || !h->slots)
		return;
	if (h->kind == SKEP_HISTOGRAM_LOG2)
		count(h, log2_of(value));
	else if (h->base < 0 && value > UINT64_MAX - (0 - (uint64_t)h->base))
		h->above++;
	else if (h->base > 0 && value < (uint64_t)h->base)
		h->below++;
	else
		count(h, (value - (uint64_t)h->base) / step_of(h));
}

void skep_histogram_add(struct skep_histogram *h, int64_t value)
{
	if (!h || !h->slots)
		return;
	if (value >= 0)
		skep_histogram_add_unsigned(h, (uint64_t)value);
	else if (h->kind == SKEP_HISTOGRAM_LOG2 || value < h->base)
		h->below++;
	else
		count(h, ((uint64_t)value - (uint64_t)h->base) / step_of(h));
}

/* @offset behind the base, and at most the largest number of 64 bits. */
static struct bound bound_at(const struct skep_histogram *h, unsigned __int128 offset)
{
	__int128 at = (__int128)offset + h->base;

	if (at < 0)
		return (struct bound){ true, (uint64_t)-at };
	return (struct bound){ false, at > (__int128)UINT64_MAX ? UINT64_MAX : (uint64_t)at };
}

/* The first value of slot @i, and the last. */
static void bounds(const struct skep_histogram *h, size_t i, struct bound *low, struct bound *high)
{
	unsigned __int128 step = step_of(h);

	if (h->kind == SKEP_HISTOGRAM_LINEAR) {
		*low = bound_at(h, i * step);
		*high = bound_at(h, i * step + step - 1);
		return;
	}
	*low = (struct bound){ false, i ? 1ull << i : 0 };
	*high = (struct bound){ false, UINT64_MAX >> (63 - i) };
}

static int write_bound(char *to, size_t size, struct bound b)
{
	return snprintf(to, size, "%s%llu", b.is_negative ? "-" : "",
			(unsigned long long)b.magnitude);
}

static bool find_shown(const struct skep_histogram *h, struct shown *shown)
{
	struct bound low, high;
	char digits[24];

	*shown = (struct shown){ .first = SIZE_MAX };
	for (size_t i = 0; h->slots && i < n_slots(h); i++) {
		if (!h->slots[i])
			continue;
		shown->first = i < shown->first ? i : shown->first;
		shown->end = i + 1;
		shown->most = h->slots[i] > shown->most ? h->slots[i] : shown->most;
	}
	if (!shown->end && !h->below && !h->above)
		return false;
	if (h->kind == SKEP_HISTOGRAM_LOG2 || !shown->end)
		shown->first = 0;
	shown->most = h->below > shown->most ? h->below : shown->most;
	shown->most = h->above > shown->most ? h->above : shown->most;
	bounds(h, shown->end ? shown->end - 1 : 0, &low, &high);
	shown->digits = write_bound(digits, sizeof(digits), high) > 10 ? 20 : 10;
	shown->stars = shown->digits > 10 ? STARS / 2 : STARS;
	return true;
}

static void write_bar(uint64_t value, const struct shown *shown, struct skep_text *out)
{
	int stars = (int)((unsigned __int128)value * (unsigned int)shown->stars / shown->most);

	skep_text_printf(out, "%-8llu |", (unsigned long long)value);
	for (int i = 0; i < shown->stars; i++)
		skep_text_char(out, i < stars ? '*' : ' ');
	skep_text_lit(out, "|\n");
}

static void write_slot(const struct skep_histogram *h, size_t i, const struct shown *shown,
		       struct skep_text *out)
{
	char from[24], to[24];
	struct bound low, high;

	bounds(h, i, &low, &high);
	write_bound(from, sizeof(from), low);
	write_bound(to, sizeof(to), high);
	if (strcmp(from, to) != 0)
		skep_text_printf(out, "%*s -> %-*s : ", shown->digits, from, shown->digits, to);
	else
		skep_text_printf(out, "%*s    %-*s : ", shown->digits, from, shown->digits, "");
	write_bar(h->slots[i], shown, out);
}

/* What no slot took: "< 0", "> 127". */
static void write_rest(uint64_t value, char sign, struct bound at, const struct shown *shown,
		       struct skep_text *out)
{
	char limit[28] = { sign, ' ' };

	if (!value)
		return;
	write_bound(limit + 2, sizeof(limit) - 2, at);
	skep_text_printf(out, "%*s    %-*s : ", shown->digits, limit, shown->digits, "");
	write_bar(value, shown, out);
}

/* The heading with the unit in the place of the numbers, whose width it fills. */
static void write_heading(const struct skep_histogram *h, const struct shown *shown,
			  struct skep_text *out)
{
	int indent = shown->digits - 5;
	size_t start = out->len;

	skep_text_printf(out, "%*s", indent, "");
	skep_text_escaped(out, h->unit && *h->unit ? h->unit : "value",
			  h->unit && *h->unit ? strlen(h->unit) : strlen("value"));
	skep_text_pad(out, start, (size_t)shown->digits * 2 + 4);
	skep_text_lit(out, " : count    distribution\n");
}

void skep_histogram_write(const struct skep_histogram *histogram, struct skep_text *out)
{
	const struct skep_histogram h = SKEP_OPTS(struct skep_histogram, histogram);
	struct bound low, high, unused;
	struct shown shown;

	if (!out || !find_shown(&h, &shown))
		return;
	write_heading(&h, &shown, out);
	bounds(&h, 0, &low, &unused);
	bounds(&h, n_slots(&h) ? n_slots(&h) - 1 : 0, &unused, &high);
	write_rest(h.below, '<', low, &shown, out);
	for (size_t i = shown.first; i < shown.end; i++)
		write_slot(&h, i, &shown, out);
	write_rest(h.above, '>', high, &shown, out);
}

void skep_histogram_write_json(const struct skep_histogram *histogram, struct skep_text *out)
{
	const struct skep_histogram h = SKEP_OPTS(struct skep_histogram, histogram);
	struct shown shown;
	bool is_any;

	if (!out)
		return;
	is_any = find_shown(&h, &shown);
	skep_text_lit(out, "{\"unit\":");
	skep_text_json_string(out, h.unit ?: "", strlen(h.unit ?: ""));
	skep_text_lit(out, ",\"intervals\":[");
	for (size_t i = shown.first; is_any && i < shown.end; i++) {
		char from[24], to[24];
		struct bound low, high;

		bounds(&h, i, &low, &high);
		write_bound(from, sizeof(from), low);
		write_bound(to, sizeof(to), high);
		skep_text_printf(out, "%s{\"start\":%s,\"end\":%s,\"count\":%llu}",
				 i == shown.first ? "" : ",", from, to,
				 (unsigned long long)h.slots[i]);
	}
	skep_text_char(out, ']');
	if (h.below)
		skep_text_printf(out, ",\"below\":%llu", (unsigned long long)h.below);
	if (h.above)
		skep_text_printf(out, ",\"above\":%llu", (unsigned long long)h.above);
	skep_text_char(out, '}');
}
