// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "stream/metrics/settings.h"
#include "stream/prometheus/prometheus.h"
#include "stream/sink_types.h"

static int start(struct skep_prometheus *p, const char *target, struct skep_error *err)
{
	int fd = skep_prometheus_listen(target, &p->port, err), ret;

	if (fd < 0)
		return fd;
	ret = skep_prometheus_start(p, fd, err);
	if (ret)
		close(fd);
	return ret;
}

static int prometheus_open(struct skep_sink *sink, const char *target, struct skep_error *err)
{
	struct skep_prometheus *p = calloc(1, sizeof(*p));
	int ret;

	if (!p)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	sink->state = p;
	pthread_mutex_init(&p->lock, NULL);
	ret = skep_metrics_read_settings(&p->metrics, sink, err);
	return ret ?: start(p, target, err);
}

static int prometheus_write(struct skep_sink *sink, const struct skep_source *source,
			    const void *data, size_t len, struct skep_error *err)
{
	struct skep_prometheus *p = sink->state;
	int ret;

	pthread_mutex_lock(&p->lock);
	ret = skep_metrics_record(&p->metrics, source, data, len, err);
	pthread_mutex_unlock(&p->lock);
	return ret;
}

static void prometheus_missed(struct skep_sink *sink, const struct skep_source *source, uint64_t n)
{
	struct skep_prometheus *p = sink->state;

	pthread_mutex_lock(&p->lock);
	skep_metrics_missed(&p->metrics, source, n);
	pthread_mutex_unlock(&p->lock);
}

/* There is nothing to deliver. At the end it is told what was described in vain. */
static int prometheus_flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	struct skep_prometheus *p = sink->state;

	pthread_mutex_lock(&p->lock);
	p->metrics.run = sink->run;
	pthread_mutex_unlock(&p->lock);
	return is_last ? skep_metrics_check_use(&p->metrics, err) : 0;
}

static void prometheus_close(struct skep_sink *sink)
{
	struct skep_prometheus *p = sink->state;

	if (!p)
		return;
	skep_prometheus_stop(p);
	pthread_mutex_destroy(&p->lock);
	skep_metrics_free(&p->metrics);
	free(p);
}

static const struct skep_sink_option options[] = {
	SKEP_METRICS_OPTIONS,
	{ NULL },
};

const struct skep_sink_type skep_sink_prometheus = {
	.name = "prometheus",
	.target = "ADDRESS:PORT",
	.summary = "counters, gauges and histograms for Prometheus",
	.may_wait = true,
	.options = options,
	.open = prometheus_open,
	.write = prometheus_write,
	.flush = prometheus_flush,
	.close = prometheus_close,
	.missed = prometheus_missed,
};
