/* SPDX-License-Identifier: MIT */
/*
 * Counters, gauges and histograms that are made from records by a description: which column is
 * counted, and by which columns it is told apart. Their number is bounded: when a metric has as
 * many sets of labels as it may have, what comes newly goes into one whose labels all say "other".
 *
 * Not for two threads at once: the caller locks.
 */
#ifndef SKEP_STREAM_METRICS_METRICS_H
#define SKEP_STREAM_METRICS_METRICS_H

#include <skep/error.h>
#include <skep/text.h>

#include "base/hash.h"
#include "base/vec.h"
#include "stream/sink.h"

#define SKEP_METRICS_MAX	256 /* metrics */
#define SKEP_METRICS_LABELS	16  /* of one metric */
#define SKEP_METRICS_BOUNDS	128 /* of one histogram */
#define SKEP_METRICS_LABEL_SIZE 256 /* bytes of a label's value before it is escaped */

enum skep_metric_kind {
	SKEP_METRIC_COUNTER,
	SKEP_METRIC_GAUGE,
	SKEP_METRIC_HISTOGRAM,
};

struct skep_metric_label {
	char *name, *column;
};

/* One time series, or those of a histogram. */
struct skep_metric_set {
	double value; /* of a histogram: the sum */
	uint64_t count;
	uint64_t *buckets; /* one more than bounds; not summed up */
	size_t len;
	char values[]; /* of the labels, each with its NUL; as text has them, which is UTF-8 */
};

struct skep_metric {
	enum skep_metric_kind kind;
	char *name, *help;
	char *source; /* only of this one; NULL: of all that have its columns */
	char *column; /* what is added, set or sorted in; NULL: 1 for each record */
	double scale; /* 1e-9: from nanoseconds to seconds */
	struct skep_vec(struct skep_metric_label) labels;
	struct skep_vec(double) bounds; /* ascending; what equals one is below it */
	/* A histogram without bounds gets powers of two with these exponents, times the scale. */
	int log2_from, log2_to;

	struct skep_hash index; /* of sets by their values */
	struct skep_vec(struct skep_metric_set *) sets;
	uint64_t n_other;   /* records that went into the set of others */
	uint64_t n_skipped; /* records without a number where one is needed */
	bool is_optional;   /* it may be meant for another program */
	bool is_used;
	struct skep_error *unusable; /* why a source's records could not be used */
};

/* What a metric takes of a source's records. */
struct skep_metric_use {
	struct skep_metric *metric;
	size_t column;
	size_t labels[SKEP_METRICS_LABELS];
};

struct skep_metrics_source {
	char *name; /* NULL: nothing came from it */
	uint64_t records, missed;
	bool is_resolved;
	struct skep_vec(struct skep_metric_use) uses;
};

struct skep_metrics {
	size_t max_sets; /* of a metric, that of the others not counted */
	struct skep_vec(struct skep_metric) items;
	struct skep_vec(struct skep_metrics_source) sources; /* by their index */
	struct skep_sink_losses *const *run; /* outputs whose losses are told too; or NULL */
	struct skep_text key, scratch;
};

/* One without a description. */
static inline struct skep_metric skep_metric_new(enum skep_metric_kind kind)
{
	return (struct skep_metric){ .kind = kind, .scale = 1, .log2_to = 35 };
}

/*
 * A metric as options describe it: "NAME [of COLUMN] [by [LABEL=]COLUMN...] [in SOURCE]
 * [scale FACTOR] [buckets BOUND... | buckets log2 [FROM TO]]".
 */
int skep_metrics_describe(struct skep_metrics *m, enum skep_metric_kind kind, const char *text,
			  struct skep_error *err);

/* All metrics of a file of YAML or JSON; also the counters of an eunomia-exporter's. */
int skep_metrics_read_file(struct skep_metrics *m, const char *path, struct skep_error *err);
int skep_metrics_read_yaml(struct skep_metrics *m, const char *text, size_t len, const char *source,
			   struct skep_error *err);

/*
 * Adds a metric that was described, whose names are made valid; takes what it holds, also when it
 * fails. EINVAL: what cannot be, EEXIST: the name is taken, E2BIG.
 */
int skep_metrics_add(struct skep_metrics *m, struct skep_metric *metric, struct skep_error *err);
void skep_metric_free(struct skep_metric *metric);

/* ENOENT: none of the metrics can be made from the records of this source. */
int skep_metrics_record(struct skep_metrics *m, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err);
int skep_metrics_missed(struct skep_metrics *m, const struct skep_source *source, uint64_t n);

/* At the end: ENOENT if a metric could not be made from any source's records. */
int skep_metrics_check_use(struct skep_metrics *m, struct skep_error *err);

/* Prometheus' text format 0.0.4, or OpenMetrics 1.0.0 with its end. */
void skep_metrics_write(struct skep_metrics *m, bool is_open_metrics, struct skep_text *out);

void skep_metrics_free(struct skep_metrics *m);

#endif
