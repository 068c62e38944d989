/* fan: fan-out load for chat servers, one thread, epoll.
 *
 *   fan --dialect chatd|irc|nats|redis|web --port PORT --pid PID --members N [PHASE...]
 *
 * N members join the room at 127.0.0.1, then each PHASE follows, or each line of standard
 * input if none is named:
 *   SENDERS:SECONDS        so many speak for so long, each with at most --window of its
 *                          lines on their way (the last member's copy opens the window)
 *   SENDERS:SECONDS:RATE   the same, so many lines a second in all
 *   idle:SECONDS           nobody says anything
 * For the joining and for each phase it prints a line of key=value: seconds, CPU seconds
 * of the process PID, CPU microseconds for each delivery, waits in milliseconds.
 *
 * It ends with status 1 and a sentence on standard error if a member misses a line, gets
 * one that was not said, gets it in another order than the others, or is cut off; see
 * check.c. --order each asks only that each speaker's own order is kept.
 */
#define _GNU_SOURCE
#include "fan.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const double AFTER = 0.05; /* seconds in which a line too many would show */

Options options = {.order = "one", .members = 10, .window = 64, .body_len = 64, .join_batch = 1, .patience = 10};
Member *members;

/* Every body differs from every other, and all have the same length. */
static void say(int sender, double stamp) {
  char body[BODY_MOST + 1];
  int len = snprintf(body, sizeof body, "s=%02d n=%08zu t=%.6f ", sender, said_by[sender], stamp);
  if (len < options.body_len) {
    memset(body + len, 'x', options.body_len - len);
  }
  options.dialect->say(members + sender, body, options.body_len);
  check_said(sender, body, stamp);
}

static void say_as_window_allows(const Phase *phase) {
  double stamp = now();
  for (int i = 0; i < phase->senders; i++) {
    size_t most = seen_of[i] + options.window;
    if (said_by[i] < most) {
      while (said_by[i] < most) {
        say(i, stamp);
      }
      connection_flush(members + i);
    }
  }
}

static void say_what_is_due(const Phase *phase, double begun) {
  size_t count = 0;
  for (int i = 0; i < phase->senders; i++) {
    count += said_by[i];
  }
  while (count < (now() - begun) * phase->rate) {
    int sender = count++ % phase->senders;
    say(sender, now());
    connection_flush(members + sender);
  }
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void print_waits(void) {
  double *sorted = (double *)waits.data;
  qsort(sorted, deliveries, sizeof *sorted, by_size);
  printf(" p50_ms=%.4f p99_ms=%.4f max_ms=%.4f", sorted[deliveries / 2] * 1e3,
         sorted[deliveries * 99 / 100] * 1e3, sorted[deliveries - 1] * 1e3);
}

static void linger(double seconds) {
  for (double end = now() + seconds; now() < end;) {
    connections_turn(10, check_read);
  }
}

static void speak(const Phase *phase, double begun) {
  if (phase->rate) {
    say_what_is_due(phase, begun);
  } else {
    say_as_window_allows(phase);
  }
}

static void run(const Phase *phase) {
  check_begin(phase);
  double begun = now(), cpu = server_cpu();
  last_heard = begun;
  for (bool speaking = true; speaking || deliveries < check_expects();) {
    speaking = now() - begun < phase->seconds;
    if (speaking) {
      speak(phase, begun);
    }
    connections_turn(phase->rate ? 1 : 10, check_read);
    if (now() - last_heard > options.patience) {
      fail("%zu of %zu deliveries, then nothing for %.0f s", deliveries, check_expects(),
           options.patience);
    }
  }
  double took = now() - begun;
  cpu = server_cpu() - cpu;
  linger(AFTER);
  check_end();
  printf("phase=%s senders=%d deliveries=%zu seconds=%.4f cpu_s=%.5f us_per_delivery=%.5f",
         phase->rate ? "paced" : "load", phase->senders, deliveries, took, cpu,
         cpu * 1e6 / deliveries);
  if (phase->rate) {
    print_waits();
  }
  printf("\n");
}

static void idle(double seconds) {
  Phase silence = {.senders = 1};
  check_begin(&silence);
  double cpu = server_cpu();
  linger(seconds);
  printf("phase=idle seconds=%.1f cpu_s=%.6f\n", seconds, server_cpu() - cpu);
}

static void run_named(const char *words) {
  Phase phase = {0};
  double seconds;
  if (sscanf(words, "idle:%lf", &seconds) == 1) {
    idle(seconds);
    return;
  }
  if (sscanf(words, "%d:%lf:%lf", &phase.senders, &phase.seconds, &phase.rate) < 2 ||
      phase.senders < 1 || phase.senders > SENDERS_MOST || phase.senders > options.members ||
      (!options.dialect->echoes && phase.senders == options.members)) {
    fail("%s is not a phase for %d members", words, options.members);
  }
  run(&phase);
}

static void run_those_asked_for(void) {
  char line[100];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    run_named(line);
  }
}

static void set(const char *name, const char *value) {
  struct {
    const char *name;
    int *value;
  } numbers[] = {{"--port", &options.port},         {"--pid", &options.pid},
                 {"--members", &options.members},   {"--window", &options.window},
                 {"--bytes", &options.body_len},    {"--join-batch", &options.join_batch}};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (!strcmp(name, numbers[i].name)) {
      *numbers[i].value = atoi(value);
      return;
    }
  }
  if (!strcmp(name, "--dialect")) {
    options.dialect = dialect_named(value);
  } else if (!strcmp(name, "--order")) {
    options.order = value;
  } else if (!strcmp(name, "--patience")) {
    options.patience = atof(value);
  } else {
    fail("there is no option %s", name);
  }
}

static void allow_descriptors(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int count, char **words) {
  int at = 1;
  for (; at + 1 < count && words[at][0] == '-'; at += 2) {
    set(words[at], words[at + 1]);
  }
  if (!options.dialect || !options.port || !options.pid || options.body_len < BODY_LEAST ||
      options.body_len > BODY_MOST) {
    fail("wanted: --dialect NAME --port PORT --pid PID [--bytes %d to %d]", BODY_LEAST, BODY_MOST);
  }
  signal(SIGPIPE, SIG_IGN);
  allow_descriptors();
  setvbuf(stdout, NULL, _IOLBF, 0);
  members = calloc(options.members, sizeof *members);
  for (int i = 0; i < options.members; i++) {
    members[i].id = i;
  }
  everyone_joins();
  if (at == count) {
    run_those_asked_for();
  }
  for (; at < count; at++) {
    run_named(words[at]);
  }
  return 0;
}
