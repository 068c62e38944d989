/* Whether every member gets every line, in one order, byte for byte.
 *
 * Whoever is the first to read a record checks it against what its speaker said next,
 * and adds it to the one stream; for everyone else, what comes must be that stream,
 * which is a memcmp of all that one read gave. Two kinds of member can't be read so,
 * and are checked record by record: a speaker who does not hear itself (its order is
 * compared in the end), and anyone where a server keeps only each speaker's own order.
 */
#define _GNU_SOURCE
#include "fan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  size_t end; /* in the stream */
  int speaker;
  double stamp;
} Line;

size_t deliveries;
size_t said_by[SENDERS_MOST], seen_of[SENDERS_MOST];
Bytes waits;

static Phase phase;
static Bytes said[SENDERS_MOST];   /* bodies, one after the other */
static Bytes stamps[SENDERS_MOST]; /* doubles: when each was said */
static Bytes stream;
static Bytes line_list; /* of Line */
static size_t in_stream[SENDERS_MOST]; /* lines of each speaker that it holds */
static size_t (*had)[SENDERS_MOST];    /* the same for a member that reads by itself */

static bool reads_by_itself(const Member *member) {
  bool deaf_to_itself = !options.dialect->echoes && member->id < phase.senders;
  return deaf_to_itself || (phase.senders > 1 && !strcmp(options.order, "each"));
}

static const Line *line_at(size_t index) {
  return (const Line *)line_list.data + index;
}

static size_t line_count(void) {
  return line_list.len / sizeof(Line);
}

static double stamp_of(int speaker, size_t index) {
  return ((const double *)stamps[speaker].data)[index];
}

static void forget(Bytes *bytes) {
  bytes->len = 0;
}

void check_begin(const Phase *begun) {
  phase = *begun;
  deliveries = 0;
  forget(&stream);
  forget(&line_list);
  forget(&waits);
  had = realloc(had, options.members * sizeof *had);
  memset(had, 0, options.members * sizeof *had);
  memset(in_stream, 0, sizeof in_stream);
  memset(said_by, 0, sizeof said_by);
  memset(seen_of, 0, sizeof seen_of);
  for (int i = 0; i < phase.senders; i++) {
    forget(said + i);
    forget(stamps + i);
  }
  for (int i = 0; i < options.members; i++) {
    members[i].at = members[i].line = members[i].got = 0;
    forget(&members[i].order);
  }
}

static size_t said_in_all(void) {
  size_t all = 0;
  for (int i = 0; i < phase.senders; i++) {
    all += said_by[i];
  }
  return all;
}

size_t check_expects(void) {
  return said_in_all() * (options.members - !options.dialect->echoes);
}

void check_said(int sender, const char *body, double stamp) {
  said_by[sender]++;
  bytes_add(stamps + sender, &stamp, sizeof stamp);
  bytes_add(said + sender, body, options.body_len);
}

static void delivered(Member *member, int speaker, double stamp) {
  if (phase.rate) {
    double wait = last_heard - stamp;
    bytes_add(&waits, &wait, sizeof wait);
  }
  if (member->id == options.members - 1) {
    seen_of[speaker]++;
  }
  member->got++;
  deliveries++;
}

static void wrong(const Member *member, const char *data, size_t len, const char *why) {
  while (len && (data[len - 1] == '\n' || data[len - 1] == '\r')) {
    len--;
  }
  fail("member %d, after %zu lines, %s: %.*s", member->id, member->got, why,
       (int)(len < 200 ? len : 200), data);
}

/* Bytes of the record that this begins with; 0 if it has not come whole. */
static size_t record_len(const char *data, size_t len) {
  const char *at = data, *end = data + len;
  for (int i = 0; i < options.dialect->lines_per_record; i++) {
    size_t line = line_len(at, end - at);
    if (!line) {
      return 0;
    }
    at += line;
  }
  return at - data;
}

static size_t noise_len(Member *member, const char *data, size_t len) {
  if (!options.dialect->is_noise) {
    return 0;
  }
  size_t line = line_len(data, len);
  return line && options.dialect->is_noise(member, data, line) ? line : 0;
}

/* Who speaks in a record, which must be the next line of that speaker, byte for byte. */
static int speaker_of(Member *member, const char *record, size_t len, const size_t *heard) {
  const char *after = options.dialect->after_body;
  size_t body_len = options.body_len, after_len = strlen(after);
  const char *body = record + len - after_len - body_len;
  if (len < body_len + after_len || memcmp(body, "s=", 2) ||
      memcmp(body + body_len, after, after_len)) {
    wrong(member, record, len, "got something that nobody said");
  }
  int speaker = (body[2] - '0') * 10 + body[3] - '0';
  if (speaker < 0 || speaker >= phase.senders) {
    wrong(member, record, len, "got a line from nobody");
  }
  if (heard[speaker] >= said_by[speaker] ||
      memcmp(body, said[speaker].data + heard[speaker] * body_len, body_len)) {
    wrong(member, record, len, "got a line that was not this speaker's next");
  }
  if (!options.dialect->prefix_fits(record, body - record, speaker, body_len)) {
    wrong(member, record, len, "got a line with a wrong beginning");
  }
  return speaker;
}

static size_t read_by_itself(Member *member, const char *data, size_t len) {
  size_t noise = noise_len(member, data, len);
  size_t record = noise ? 0 : record_len(data, len);
  if (!record) {
    return noise;
  }
  size_t *heard = had[member->id];
  int speaker = speaker_of(member, data, record, heard);
  char name = (char)speaker;
  bytes_add(&member->order, &name, 1);
  delivered(member, speaker, stamp_of(speaker, heard[speaker]++));
  return record;
}

static void lengthen_stream(Member *first, const char *record, size_t len) {
  int speaker = speaker_of(first, record, len, in_stream);
  bytes_add(&stream, record, len);
  Line line = {stream.len, speaker, stamp_of(speaker, in_stream[speaker]++)};
  bytes_add(&line_list, &line, sizeof line);
}

static void advance(Member *member, size_t by) {
  member->at += by;
  while (member->line < line_count() && line_at(member->line)->end <= member->at) {
    const Line *line = line_at(member->line++);
    delivered(member, line->speaker, line->stamp);
  }
}

/* As much of this as is known of the stream, if it is the same. */
static size_t read_known(Member *member, const char *data, size_t len) {
  size_t known = stream.len - member->at;
  size_t both = known < len ? known : len;
  if (!both || memcmp(stream.data + member->at, data, both)) {
    return 0;
  }
  advance(member, both);
  return both;
}

/* What is new, is noise, or has a difference in it somewhere: one record at most. */
static size_t read_next(Member *member, const char *data, size_t len) {
  size_t begins = member->line ? line_at(member->line - 1)->end : 0;
  size_t noise = member->at == begins ? noise_len(member, data, len) : 0;
  if (noise) {
    return noise;
  }
  if (member->at < stream.len) {
    size_t rest = line_at(member->line)->end - member->at;
    if (len < rest) {
      return 0; /* wait for all of it: it may be noise */
    }
    if (!read_known(member, data, rest)) {
      wrong(member, data, rest, "got another line than the others");
    }
    return rest;
  }
  size_t record = record_len(data, len);
  if (record) {
    lengthen_stream(member, data, record);
  }
  return record ? read_known(member, data, record) : 0;
}

size_t check_read(Member *member, const char *data, size_t len) {
  bool alone = reads_by_itself(member);
  size_t taken = 0, step;
  do {
    const char *rest = data + taken;
    size_t left = len - taken;
    step = alone ? 0 : read_known(member, rest, left);
    if (!step && left) {
      step = alone ? read_by_itself(member, rest, left) : read_next(member, rest, left);
    }
    taken += step;
  } while (step);
  return taken;
}

/* Speakers who do not hear themselves: the others' lines came in the others' order. */
static void check_own_order(const Member *member) {
  size_t at = 0;
  for (size_t i = 0; i < line_count(); i++) {
    int speaker = line_at(i)->speaker;
    if (speaker != member->id && member->order.data[at++] != speaker) {
      fail("member %d heard the others in another order", member->id);
    }
  }
}

void check_end(void) {
  for (int i = 0; i < options.members; i++) {
    bool speaks = i < phase.senders && !options.dialect->echoes;
    size_t want = said_in_all() - (speaks ? said_by[i] : 0);
    if (members[i].got != want) {
      fail("member %d got %zu lines of %zu", i, members[i].got, want);
    }
    if (members[i].in.len) {
      wrong(members + i, members[i].in.data, members[i].in.len, "got more than was said");
    }
    if (speaks && !strcmp(options.order, "one")) {
      check_own_order(members + i);
    }
  }
}
