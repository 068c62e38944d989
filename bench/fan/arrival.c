/* How everyone gets into the room: one by one, each as soon as the one before is in. */
#define _GNU_SOURCE
#include "fan.h"

#include <stdio.h>
#include <string.h>

static const double QUIET = 0.2; /* seconds without a byte: all has been said */
enum { WORTH_WEIGHING = 500 };   /* with fewer members, memory shows nothing but noise */

static int arrived, joined;

static size_t each_line(Member *member, const char *data, size_t len,
                        void (*look)(Member *, const char *, size_t)) {
  const char *at = data, *end = data + len;
  for (size_t line; (line = line_len(at, end - at)); at += line) {
    if (!options.dialect->is_noise || !options.dialect->is_noise(member, at, line)) {
      look(member, at, line);
    }
  }
  return at - data;
}

static void look_for_arrival(Member *member, const char *line, size_t len) {
  (void)member;
  const char *sign = options.dialect->arrived;
  arrived += memmem(line, len, sign, strlen(sign)) != NULL;
}

static void look_for_joining(Member *member, const char *line, size_t len) {
  if (!member->joined && options.dialect->is_in(member, line, len)) {
    member->joined = true;
    joined++;
  }
}

static size_t read_arrival(Member *member, const char *data, size_t len) {
  return each_line(member, data, len, look_for_arrival);
}

/* Who is in has only others' joining to read, which is no news, and the server's noise. */
static size_t read_joining(Member *member, const char *data, size_t len) {
  if (member->joined && !options.dialect->is_noise) {
    const char *newline = memrchr(data, '\n', len);
    return newline ? newline + 1 - data : 0;
  }
  return each_line(member, data, len, look_for_joining);
}

static void wait_for(const int *count, int most, const char *what,
                     size_t (*read)(Member *, const char *, size_t)) {
  last_heard = now();
  while (*count < most) {
    connections_turn(10, read);
    if (now() - last_heard > options.patience) {
      fail("only %d of %d members %s", *count, most, what);
    }
  }
}

static void wait_for_quiet(void) {
  last_heard = now();
  while (now() - last_heard < QUIET) {
    connections_turn(20, read_joining);
  }
}

static void everyone_arrives(void) {
  for (int i = 0; i < options.members; i++) {
    connection_open(members + i);
    options.dialect->arrive(members + i);
    connection_flush(members + i);
    if (i - arrived > 50) {
      wait_for(&arrived, i - 40, "could register", read_arrival);
    }
  }
  wait_for(&arrived, options.members, "could register", read_arrival);
}

static void join(Member *member) {
  if (!options.dialect->arrive) {
    connection_open(member);
  }
  options.dialect->join(member);
  connection_flush(member);
}

/* Prints what it took, and what each member after the first fifth weighs. A server where
 * one must register first is timed from JOIN. */
void everyone_joins(void) {
  int mark = options.members >= WORTH_WEIGHING ? options.members / 5 : -1;
  long rss_at_mark = 0;
  if (options.dialect->arrive) {
    everyone_arrives();
  }
  double begun = now(), cpu = server_cpu();
  double apart = 0;
  for (int i = 0; i < options.members; i++) {
    if (i == mark) {
      double pause = now();
      wait_for_quiet();
      rss_at_mark = server_rss_kb();
      apart = now() - pause;
    }
    join(members + i);
    if (i - joined + 1 >= options.join_batch) {
      wait_for(&joined, i + 1, "are in", read_joining);
    }
  }
  wait_for(&joined, options.members, "are in", read_joining);
  double took = now() - begun - apart;
  wait_for_quiet();
  printf("phase=join members=%d seconds=%.4f cpu_s=%.4f", options.members, took, server_cpu() - cpu);
  if (mark >= 0) {
    double grown = server_rss_kb() - rss_at_mark;
    printf(" kb_per_member=%.2f", grown / (options.members - mark));
  }
  printf("\n");
}
