// SPDX-License-Identifier: MIT
/*
 * Rows a second of records with eight members, by the output "sqlite" or by a loop that is written
 * for just these.
 *
 * usage: sqlite sink|loop|csv FILE ROWS
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/clock.h"
#include "btf/builder.h"
#include "stream/sink.h"

#define BATCH 1000 /* records between flushes */

struct event {
	uint64_t time, duration;
	uint32_t pid, uid;
	int32_t ret;
	uint32_t cpu;
	char comm[16], name[16];
};

static void fill(struct event *e, uint64_t i)
{
	*e = (struct event){ .time = 1767225600000000000 + i * 1000,
			     .duration = i * 7919 % 100000,
			     .pid = (uint32_t)(i % 4194304),
			     .uid = 1000,
			     .ret = i % 10 ? 0 : -2,
			     .cpu = i % 8,
			     .comm = "bash",
			     .name = "/etc/passwd" };
}

static struct skep_schema *new_schema(void)
{
	static const struct {
		const char *name;
		uint32_t type;
		size_t offset;
	} members[] = {
		{ "time", 1, offsetof(struct event, time) },
		{ "duration", 1, offsetof(struct event, duration) },
		{ "pid", 2, offsetof(struct event, pid) },
		{ "uid", 2, offsetof(struct event, uid) },
		{ "ret", 3, offsetof(struct event, ret) },
		{ "cpu", 2, offsetof(struct event, cpu) },
		{ "comm", 5, offsetof(struct event, comm) },
		{ "name", 5, offsetof(struct event, name) },
	};
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_schema *schema;
	struct skep_btf *btf;
	size_t len;
	void *raw;

	skep_btf_builder_int(b, "unsigned long long", 8, 0);
	skep_btf_builder_int(b, "unsigned int", 4, 0);
	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "char", 1, BTF_INT_SIGNED);
	skep_btf_builder_array(b, 4, 2, 16);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "event", sizeof(struct event));
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		skep_btf_builder_member(b, members[i].name, members[i].type,
					(uint32_t)members[i].offset * 8, 0);
	raw = skep_btf_builder_finish(b, &len);
	btf = skep_btf_new(raw, len, NULL, NULL);
	schema = skep_schema_new(btf, skep_btf_count(btf) - 1, NULL, NULL);
	skep_btf_free(btf);
	free(raw);
	skep_btf_builder_free(b);
	return schema;
}

static int by_sink(const char *file, uint64_t rows)
{
	struct skep_schema *schema = new_schema();
	const struct skep_source source = { .name = "events", .schema = schema, .index = 0 };
	struct skep_error err = { 0 };
	struct skep_sink *sink;
	struct event e;
	char spec[512];
	int lost;

	snprintf(spec, sizeof(spec), "sqlite:%s", file);
	sink = skep_sink_open(spec, &err);
	if (!sink) {
		skep_error_print(&err, stderr);
		return 1;
	}
	for (uint64_t i = 0; i < rows; i++) {
		fill(&e, i);
		skep_sink_write(sink, &source, &e, sizeof(e));
		if (i % BATCH == BATCH - 1)
			skep_sink_flush(sink, false);
	}
	skep_sink_flush(sink, true);
	lost = sink->lost != 0;
	skep_sink_close(sink);
	skep_schema_free(schema);
	return lost;
}

/* What somebody writes who knows the record, with the same care for readers and the disk. */
static int by_loop(const char *file, uint64_t rows)
{
	struct event e;
	sqlite3_stmt *stmt;
	sqlite3 *db;

	sqlite3_open(file, &db);
	sqlite3_exec(db,
		     "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
		     "CREATE TABLE events(time INTEGER, duration INTEGER, pid INTEGER, uid INTEGER,"
		     "ret INTEGER, cpu INTEGER, comm TEXT, name TEXT); BEGIN",
		     NULL, NULL, NULL);
	sqlite3_prepare_v2(db, "INSERT INTO events VALUES(?,?,?,?,?,?,?,?)", -1, &stmt, NULL);
	for (uint64_t i = 0; i < rows; i++) {
		fill(&e, i);
		sqlite3_bind_int64(stmt, 1, (sqlite3_int64)e.time);
		sqlite3_bind_int64(stmt, 2, (sqlite3_int64)e.duration);
		sqlite3_bind_int64(stmt, 3, e.pid);
		sqlite3_bind_int64(stmt, 4, e.uid);
		sqlite3_bind_int(stmt, 5, e.ret);
		sqlite3_bind_int64(stmt, 6, e.cpu);
		sqlite3_bind_text(stmt, 7, e.comm, -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 8, e.name, -1, SQLITE_STATIC);
		sqlite3_step(stmt);
		sqlite3_reset(stmt);
		if (i % 10000 == 9999)
			sqlite3_exec(db, "COMMIT; BEGIN", NULL, NULL, NULL);
	}
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_finalize(stmt);
	return sqlite3_close(db);
}

/* The input of sqlite3's .import. */
static int write_csv(const char *file, uint64_t rows)
{
	FILE *out = fopen(file, "w");
	struct event e;

	if (!out)
		return 1;
	fputs("time,duration,pid,uid,ret,cpu,comm,name\n", out);
	for (uint64_t i = 0; i < rows; i++) {
		fill(&e, i);
		fprintf(out, "%" PRIu64 ",%" PRIu64 ",%u,%u,%d,%u,%s,%s\n", e.time, e.duration,
			e.pid, e.uid, e.ret, e.cpu, e.comm, e.name);
	}
	return fclose(out);
}

int main(int argc, char **argv)
{
	int64_t begin = now_ns(CLOCK_MONOTONIC);
	int ret;

	if (argc != 4)
		return 2;
	if (!strcmp(argv[1], "sink"))
		ret = by_sink(argv[2], strtoull(argv[3], NULL, 10));
	else if (!strcmp(argv[1], "loop"))
		ret = by_loop(argv[2], strtoull(argv[3], NULL, 10));
	else
		ret = write_csv(argv[2], strtoull(argv[3], NULL, 10));
	printf("%" PRId64 "\n", now_ns(CLOCK_MONOTONIC) - begin);
	return ret;
}
