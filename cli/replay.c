// SPDX-License-Identifier: MIT
/* skep replay: the records of a recording, to any output. */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <skep/view.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/outputs.h"
#include "cli/record_options.h"
#include "stream/recording.h"

/* Records between flushes, and looks at whether sinks keep up. */
#define ROUND 256

/* An output that takes nothing for so long is waited for no longer. */
#define PATIENCE 10000000000ll

static struct option_list outputs;
static struct record_options records;
static const char *columns, *speed_word = "0";

static int command_replay_main(int argc, char **argv);

static const struct option options[] = {
	OUTPUTS_OPTION(&outputs),
	{ OPTION_STRING, 0, "columns", "LIST", "show these (time,comm:12,-cookie), in this order",
	  &columns },
	RECORD_OPTIONS(&records),
	{ OPTION_STRING, 0, "speed", "N",
	  "1: as they came, 10: ten times as fast, 0: at once (default)", &speed_word },
	{ OPTION_END },
};

const struct command command_replay = {
	.name = "replay",
	.usage = "FILE|- [-o KIND[:TARGET]]... [--filter TEXT] [--speed N]",
	.summary = "print or pass on the records of a recording (skep run -o raw:FILE)",
	.text = "The records are those of the run, with the times of the run, for every output. What is\n"
		"damaged in the file is left out and told; the exit code is 1 then.",
	.main = command_replay_main,
};

/* A source of the recording, as it is published now. */
struct source {
	struct skep_source *published;
	struct skep_view *view; /* NULL: all columns */
	uint64_t lost;
};

struct replay {
	struct skep_recording *rec;
	struct skep_delivery *delivery;
	struct source sources[SKEP_RECORDING_SOURCES];
	uint64_t records;
	int64_t first, begun; /* time of the first record, and when it was published */
	double speed;
	struct skep_error err;
};

static volatile sig_atomic_t is_stopped;
static struct skep_delivery *volatile delivering;

static void on_signal(int signal)
{
	if (signal == SIGHUP && delivering)
		skep_delivery_reopen(delivering);
	else
		is_stopped = 1;
}

static void handle_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static int add_source(struct replay *r, uint32_t index)
{
	const struct skep_recording_source *from = skep_recording_source(r->rec, index);
	const struct skep_view_opts view_opts = { sizeof(view_opts), columns };
	struct source *source = &r->sources[index];

	if (source->published)
		return 0;
	if (from->schema && columns) {
		source->view = skep_view_new(from->schema, &view_opts, &r->err);
		if (!source->view)
			return -EINVAL;
	}
	source->published =
		skep_delivery_add_source(r->delivery, from->name, from->schema, &r->err);
	if (!source->published)
		return -EINVAL;
	source->published->is_text = from->is_text;
	source->published->view = source->view;
	return 0;
}

/* Until it is the record's turn. */
static void wait_until(struct replay *r, int64_t time)
{
	int64_t left;

	if (!r->begun) {
		r->begun = skep_clock_now(CLOCK_MONOTONIC);
		r->first = time;
	}
	while (!is_stopped) {
		left = r->begun + (int64_t)((double)(time - r->first) / r->speed) -
		       skep_clock_now(CLOCK_MONOTONIC);
		if (left <= 0)
			return;
		skep_delivery_flush(r->delivery);
		left = left < 200000000 ? left : 200000000;
		nanosleep(&(struct timespec){ 0, left }, NULL);
	}
}

static void publish(struct replay *r, const struct skep_recording_item *item)
{
	const struct source *source = &r->sources[item->source];

	if (!source->published)
		return;
	if (r->speed > 0)
		wait_until(r, item->time);
	skep_delivery_time(r->delivery, item->time);
	skep_delivery_publish(r->delivery, source->published, item->cpu, item->data, item->len);
	if (++r->records % ROUND)
		return;
	skep_delivery_flush(r->delivery);
	skep_delivery_wait(r->delivery, PATIENCE);
}

static int take(struct replay *r, const struct skep_recording_item *item)
{
	struct source *source = &r->sources[item->source];

	switch (item->kind) {
	case SKEP_RECORDING_SOURCE:
		return add_source(r, item->source);
	case SKEP_RECORDING_RECORDS:
		publish(r, item);
		return 0;
	case SKEP_RECORDING_LOSSES:
		source->lost += item->lost;
		if (source->published)
			skep_delivery_missed(r->delivery, source->published, source->lost);
		return 0;
	default:
		return 0;
	}
}

static int replay_all(struct replay *r)
{
	struct skep_recording_item item;
	int ret = 0;

	while (!is_stopped && !skep_delivery_is_over(r->delivery)) {
		ret = skep_recording_next(r->rec, &item, &r->err);
		if (ret <= 0)
			break;
		ret = take(r, &item);
		if (ret)
			break;
	}
	skep_delivery_flush(r->delivery);
	return ret;
}

/* False if there was any. */
static bool report_damage(const struct replay *r)
{
	struct skep_recording_damage damage;

	skep_recording_damage(r->rec, &damage);
	if (damage.blocks)
		fprintf(stderr, "%llu damaged parts of the recording were left out: %llu bytes\n",
			(unsigned long long)damage.blocks, (unsigned long long)damage.bytes);
	if (damage.is_cut && !is_stopped && !skep_delivery_is_over(r->delivery)) {
		fprintf(stderr, "the recording has no end: it was cut, or is being written\n");
		return false;
	}
	if (damage.had_records > damage.records)
		fprintf(stderr, "%llu of its %llu records were read\n",
			(unsigned long long)damage.records, (unsigned long long)damage.had_records);
	return !damage.blocks;
}

static int finish(struct replay *r, int ret)
{
	uint64_t lost = 0;

	if (!ret)
		ret = record_options_check(&records, &r->err);
	if (!outputs_end(r->delivery) && !ret)
		ret = -EIO;
	if (!report_damage(r) && !ret)
		ret = -EIO;
	for (size_t i = 0; i < SKEP_RECORDING_SOURCES; i++)
		lost += r->sources[i].lost;
	record_options_report(&records, r->delivery);
	fprintf(stderr, "%llu records, %llu lost when they were recorded\n",
		(unsigned long long)r->records, (unsigned long long)lost);
	if (r->err.code)
		return cli_fail(&r->err);
	return ret ? EXIT_FAILED : EXIT_OK;
}

static int read_speed(struct replay *r)
{
	char *end;

	r->speed = strtod(speed_word, &end);
	if (end != speed_word && !*end && r->speed >= 0 && r->speed <= 1e9)
		return 0;
	skep_error_set(&r->err, SKEP_STAGE_USAGE, EINVAL, "--speed cannot be '%s'", speed_word);
	skep_error_add_hint(&r->err, "give a number: 1, 0.5, 10; or 0 for all at once");
	return -EINVAL;
}

static void free_sources(struct replay *r)
{
	for (size_t i = 0; i < SKEP_RECORDING_SOURCES; i++) {
		skep_view_free(r->sources[i].view);
	}
}

static int replay_file(struct replay *r, const char *path)
{
	int ret;

	if (read_speed(r))
		return cli_fail(&r->err);
	r->rec = skep_recording_open(path, &r->err);
	r->delivery = r->rec ? record_options_open(&records, &outputs, &r->err) : NULL;
	if (!r->delivery) {
		skep_recording_free(r->rec);
		return cli_fail(&r->err);
	}
	delivering = r->delivery;
	handle_signals();
	ret = finish(r, replay_all(r));
	delivering = NULL;
	if (skep_delivery_free(r->delivery)) {
		free_sources(r);
		record_options_free(&records);
		skep_recording_free(r->rec);
	}
	return ret;
}

static int command_replay_main(int argc, char **argv)
{
	struct option_args args = { 0 };
	struct replay *r = calloc(1, sizeof(*r));
	int ret = EXIT_OK;

	signal(SIGPIPE, SIG_IGN);
	argc = record_options_join(argc, argv);
	if (!r)
		return EXIT_FAILED;
	if (options_parse(&command_replay, options, argc, argv, &args, &r->err)) {
		ret = cli_fail(&r->err);
	} else if (args.help) {
		options_help(&command_replay, options, stdout);
	} else if (!outputs_help(&outputs) && args.n_words != 1) {
		skep_error_set(&r->err, SKEP_STAGE_USAGE, EINVAL,
			       args.n_words ? "one recording at a time" : "no recording is given");
		skep_error_add_hint(&r->err, "see 'skep replay --help'");
		ret = cli_fail(&r->err);
	} else if (args.n_words) {
		ret = replay_file(r, args.words[0]);
	}
	options_free(options, &args);
	free(r);
	return ret;
}
