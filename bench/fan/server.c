/* What can be seen of the server from outside, and the clock. */
#include "fan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

/* Seconds on a CPU since it started, all threads, those that have ended too. */
double server_cpu(void) {
  clockid_t clock;
  struct timespec t;
  if (clock_getcpuclockid(options.pid, &clock) || clock_gettime(clock, &t)) {
    fail("the server, process %d, is gone", options.pid);
  }
  return t.tv_sec + t.tv_nsec / 1e9;
}

long server_rss_kb(void) {
  char path[64], line[256];
  long kb = 0;
  snprintf(path, sizeof path, "/proc/%d/status", options.pid);
  FILE *status = fopen(path, "r");
  if (!status) {
    return 0;
  }
  while (fgets(line, sizeof line, status) && sscanf(line, "VmRSS: %ld", &kb) != 1) {
  }
  fclose(status);
  return kb;
}

/* Say why on standard error and end with status 1. */
void fail(const char *format, ...) {
  va_list words;
  fflush(stdout);
  va_start(words, format);
  vfprintf(stderr, format, words);
  va_end(words);
  fputc('\n', stderr);
  exit(1);
}

void bytes_add(Bytes *bytes, const void *data, size_t len) {
  if (bytes->len + len > bytes->room) {
    bytes->room = (bytes->len + len) * 2;
    bytes->data = realloc(bytes->data, bytes->room);
    if (!bytes->data) {
      fail("out of memory");
    }
  }
  memcpy(bytes->data + bytes->len, data, len);
  bytes->len += len;
}
