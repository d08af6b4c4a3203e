// SPDX-License-Identifier: MIT
/* Reads recordings: blocks are found, checked and taken apart. */
#include "stream/recording_parts.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"

/* Enough for a usual block, so that it is read at once. */
#define READ_AT_ONCE (256 * 1024)

struct skep_recording {
	ssize_t (*read)(void *ctx, void *buf, size_t len);
	void *ctx;
	int fd; /* of its own; -1: none */
	char name[96];
	uint8_t *data; /* what was read and not taken yet is from at to len */
	size_t at, len, cap;
	bool is_end;	  /* of the file */
	size_t block_end; /* of the block at work: items are between at and it; 0: none */
	uint32_t block_kind;
	bool is_lost; /* between blocks, looking for the next one */
	bool has_end;
	uint64_t in_vain; /* bytes whose sum was wrong */
	uint64_t total;	  /* bytes read */
	struct skep_recording_damage damage;
	struct skep_recording_source sources[SKEP_RECORDING_SOURCES];
};

/* Bytes that may be looked at in vain, besides eight times those that there are. */
#define IN_VAIN (64u << 20)

SKEP_DEFINE_SCOPED(recording, struct skep_recording, skep_recording_free)

static int cannot_read(const struct skep_recording *rec, int code, struct skep_error *err)
{
	skep_error_set_errno(err, SKEP_STAGE_READ, code, "cannot be read");
	skep_error_add_object(err, "%s", rec->name);
	return -code;
}

/* Room for @want bytes from at on, which is moved to the front. */
static int make_room(struct skep_recording *rec, size_t want, struct skep_error *err)
{
	size_t cap = rec->cap ?: READ_AT_ONCE;
	uint8_t *data;

	if (rec->at) {
		memmove(rec->data, rec->data + rec->at, rec->len - rec->at);
		rec->len -= rec->at;
		rec->at = 0;
	}
	while (cap < want)
		cap *= 2;
	if (cap == rec->cap)
		return 0;
	data = realloc(rec->data, cap);
	if (!data)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	rec->data = data;
	rec->cap = cap;
	return 0;
}

/* 1: @want bytes are there; 0: the file ends before. Memory grows only with what was read. */
static int fill(struct skep_recording *rec, size_t want, struct skep_error *err)
{
	while (rec->len - rec->at < want && !rec->is_end) {
		size_t has = rec->len - rec->at;
		size_t step = want < has + READ_AT_ONCE ? want : has + READ_AT_ONCE;
		ssize_t n;
		int ret = rec->at + step > rec->cap ? make_room(rec, step, err) : 0;

		if (ret)
			return ret;
		n = rec->read(rec->ctx, rec->data + rec->len, rec->cap - rec->len);
		if (n < 0 && errno != EINTR)
			return cannot_read(rec, errno, err);
		rec->len += n > 0 ? (size_t)n : 0;
		rec->total += n > 0 ? (uint64_t)n : 0;
		rec->is_end = n == 0;
	}
	return rec->len - rec->at >= want;
}

static int read_header(struct skep_recording *rec, struct skep_error *err)
{
	struct skep_recording_header header;
	int ret = fill(rec, sizeof(header), err);

	if (ret < 0)
		return ret;
	if (ret)
		memcpy(&header, rec->data, sizeof(header));
	if (!ret || memcmp(header.magic, SKEP_RECORDING_MAGIC, sizeof(header.magic)) != 0)
		ret = skep_error_set(err, SKEP_STAGE_READ, EINVAL, "it is no recording");
	else if (le16toh(header.version) != SKEP_RECORDING_VERSION)
		ret = skep_error_set(err, SKEP_STAGE_READ, ENOTSUP,
				     "it is of version %u, and this is skep for version %d",
				     le16toh(header.version), SKEP_RECORDING_VERSION);
	else if (header.is_big_endian != (__BYTE_ORDER == __BIG_ENDIAN))
		ret = skep_error_set(err, SKEP_STAGE_READ, ENOTSUP,
				     "it was made on a %s-endian machine (%.*s), whose records "
				     "cannot be read on this one",
				     header.is_big_endian ? "big" : "little",
				     (int)strnlen(header.machine, sizeof(header.machine)),
				     header.machine);
	else
		ret = 0;
	skep_error_add_object(err, "%s", rec->name);
	rec->at = sizeof(header);
	return ret;
}

static ssize_t read_fd(void *ctx, void *buf, size_t len)
{
	return read(((struct skep_recording *)ctx)->fd, buf, len);
}

static struct skep_recording *make(const char *name, struct skep_error *err)
{
	struct skep_recording *rec = calloc(1, sizeof(*rec));

	if (!rec) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	rec->fd = -1;
	snprintf(rec->name, sizeof(rec->name), "%s", name);
	return rec;
}

struct skep_recording *skep_recording_new(ssize_t (*read)(void *ctx, void *buf, size_t len),
					  void *ctx, const char *name, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_recording) struct skep_recording *rec = make(name, err);

	if (!rec)
		return NULL;
	rec->read = read;
	rec->ctx = ctx;
	return read_header(rec, err) ? NULL : SKEP_TAKE(rec);
}

struct skep_recording *skep_recording_open(const char *path, struct skep_error *err)
{
	bool is_stdin = !strcmp(path, "-");
	SKEP_SCOPED(skep_scoped_recording)
	struct skep_recording *rec = make(is_stdin ? "stdin" : path, err);

	if (!rec)
		return NULL;
	rec->read = read_fd;
	rec->ctx = rec;
	rec->fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) :
			     open(path, O_RDONLY | O_CLOEXEC);
	if (rec->fd < 0) {
		cannot_read(rec, errno, err);
		return NULL;
	}
	return read_header(rec, err) ? NULL : SKEP_TAKE(rec);
}

void skep_recording_free(struct skep_recording *rec)
{
	if (!rec)
		return;
	for (size_t i = 0; i < SKEP_RECORDING_SOURCES; i++) {
		free(rec->sources[i].name);
		skep_schema_free(rec->sources[i].schema);
	}
	skep_scoped_fd(&rec->fd);
	free(rec->data);
	free(rec);
}

const struct skep_recording_source *skep_recording_source(const struct skep_recording *rec,
							  uint32_t index)
{
	return index < SKEP_RECORDING_SOURCES && rec->sources[index].name ? &rec->sources[index] :
									    NULL;
}

void skep_recording_damage(const struct skep_recording *rec, struct skep_recording_damage *damage)
{
	*damage = rec->damage;
	damage->is_cut = !rec->has_end;
}

static bool take_record(struct skep_recording *rec, struct skep_recording_item *item)
{
	size_t left = rec->block_end - rec->at, size;
	struct skep_recording_head head;

	if (left < sizeof(head))
		return false;
	memcpy(&head, rec->data + rec->at, sizeof(head));
	item->len = le32toh(head.len);
	item->source = le32toh(head.source);
	item->time = (int64_t)le64toh(head.time);
	item->cpu = (int32_t)le32toh((uint32_t)head.cpu);
	item->data = rec->data + rec->at + sizeof(head);
	size = sizeof(head) + (((size_t)item->len + 7) & ~(size_t)7);
	if (size > left || !skep_recording_source(rec, item->source))
		return false;
	rec->at += size;
	rec->damage.records++;
	return true;
}

static bool take_loss(struct skep_recording *rec, struct skep_recording_item *item)
{
	struct skep_recording_loss loss;

	if (rec->block_end - rec->at < sizeof(loss))
		return false;
	memcpy(&loss, rec->data + rec->at, sizeof(loss));
	item->source = le32toh(loss.source);
	item->lost = le64toh(loss.n);
	rec->at += sizeof(loss);
	return skep_recording_source(rec, item->source);
}

static bool take_end(struct skep_recording *rec)
{
	uint64_t records;

	if (rec->block_end - rec->at < sizeof(records))
		return false;
	memcpy(&records, rec->data + rec->at, sizeof(records));
	rec->damage.had_records = le64toh(records);
	rec->has_end = true;
	rec->at = rec->block_end;
	return true;
}

/* The next item of the block; false: the rest of it says nothing. */
static bool take_item(struct skep_recording *rec, struct skep_recording_item *item)
{
	bool ok;

	*item = (struct skep_recording_item){ .kind = (enum skep_recording_kind)rec->block_kind };
	switch (rec->block_kind) {
	case SKEP_RECORDING_RECORDS:
		return take_record(rec, item);
	case SKEP_RECORDING_LOSSES:
		return take_loss(rec, item);
	case SKEP_RECORDING_SOURCE:
		ok = skep_recording_take_source(rec->sources, rec->data + rec->at,
						rec->block_end - rec->at, &item->source);
		rec->at = rec->block_end;
		return ok;
	default:
		return take_end(rec);
	}
}

/* One place on, to where the next block may begin. */
static void look_on(struct skep_recording *rec, size_t step)
{
	rec->damage.blocks += !rec->is_lost;
	rec->is_lost = true;
	rec->damage.bytes += step;
	rec->at += step;
}

/* Made so that looking for the next block would take forever. */
static int too_damaged(const struct skep_recording *rec, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_READ, EINVAL, "too much of it is damaged");
	skep_error_add_object(err, "%s", rec->name);
	return -EINVAL;
}

/* 1: a block is there, whole and right; 0: no more. */
static int next_block(struct skep_recording *rec, struct skep_error *err)
{
	struct skep_recording_block block;
	int ret;

	while ((ret = fill(rec, sizeof(block), err)) > 0) {
		memcpy(&block, rec->data + rec->at, sizeof(block));
		block.kind = le32toh(block.kind);
		block.len = le64toh(block.len);
		if (le32toh(block.magic) != SKEP_RECORDING_BLOCK || !block.kind ||
		    block.kind > SKEP_RECORDING_END || block.len > SKEP_RECORDING_MOST) {
			look_on(rec, 1);
			continue;
		}
		ret = fill(rec, sizeof(block) + block.len, err);
		if (ret < 0)
			return ret;
		if (!ret || skep_recording_sum(block.kind, rec->data + rec->at + sizeof(block),
					       block.len) != le64toh(block.sum)) {
			rec->in_vain += ret ? block.len : 0;
			if (rec->in_vain > IN_VAIN + 8 * rec->total)
				return too_damaged(rec, err);
			look_on(rec, sizeof(block.magic));
			continue;
		}
		rec->is_lost = false;
		/* Records must be aligned, also behind damage that had any length. */
		if (rec->at % 8 && make_room(rec, sizeof(block) + block.len, err))
			return -ENOMEM;
		rec->at += sizeof(block);
		rec->block_end = rec->at + block.len;
		rec->block_kind = block.kind;
		return 1;
	}
	if (!ret && rec->len > rec->at) /* the beginning of one */
		look_on(rec, rec->len - rec->at);
	return ret;
}

int skep_recording_next(struct skep_recording *rec, struct skep_recording_item *item,
			struct skep_error *err)
{
	for (;;) {
		int ret;

		while (rec->at < rec->block_end) {
			size_t at = rec->at;

			if (take_item(rec, item))
				return 1;
			rec->damage.blocks++;
			rec->damage.bytes += rec->block_end - at;
			rec->at = rec->block_end;
		}
		rec->block_end = 0;
		ret = next_block(rec, err);
		if (ret <= 0)
			return ret;
	}
}
