/* The servers' languages: how to join, how to speak, what a delivery looks like. */
#define _GNU_SOURCE
#include "fan.h"

#include <stdio.h>
#include <string.h>

static bool begins(const char *line, size_t len, const char *with) {
  size_t n = strlen(with);
  return len >= n && !memcmp(line, with, n);
}

static bool holds(const char *line, size_t len, const char *what) {
  return memmem(line, len, what, strlen(what)) != NULL;
}

static bool is_exactly(const char *bytes, size_t len, const char *what) {
  return len == strlen(what) && !memcmp(bytes, what, len);
}

/* chatd, the floor and the naive rooms */

static void chatd_join(Member *member) {
  connection_write(member, "JOIN u%d\r\n", member->id);
}

static bool chatd_is_in(const Member *member, const char *line, size_t len) {
  char own[64];
  snprintf(own, sizeof own, "SERVER: u%d joined the chat!\r\n", member->id);
  return is_exactly(line, len, own);
}

static void chatd_say(Member *member, const char *body, int len) {
  connection_write(member, "BCST %.*s\r\n", len, body);
}

static bool chatd_prefix_fits(const char *prefix, size_t len, int speaker, int body_len) {
  (void)body_len;
  char want[32];
  snprintf(want, sizeof want, "u%d: BCST ", speaker);
  return is_exactly(prefix, len, want);
}

/* IRC */

static void irc_arrive(Member *member) {
  connection_write(member, "NICK u%d\r\nUSER u%d 0 * :u\r\n", member->id, member->id);
}

static void irc_join(Member *member) {
  connection_write(member, "JOIN #chat\r\n");
}

static bool irc_is_in(const Member *member, const char *line, size_t len) {
  char own[16];
  snprintf(own, sizeof own, ":u%d!", member->id);
  return begins(line, len, own) && holds(line, len, " JOIN ");
}

static void irc_say(Member *member, const char *body, int len) {
  connection_write(member, "PRIVMSG #chat :%.*s\r\n", len, body);
}

static bool irc_prefix_fits(const char *prefix, size_t len, int speaker, int body_len) {
  (void)body_len;
  static const char verb[] = " PRIVMSG #chat :";
  char who[16];
  snprintf(who, sizeof who, ":u%d!", speaker);
  return begins(prefix, len, who) && len > sizeof verb &&
         !memcmp(prefix + len - (sizeof verb - 1), verb, sizeof verb - 1);
}

static bool irc_is_noise(Member *member, const char *line, size_t len) {
  const char *verb = line, *end = line + len;
  if (*line == ':') {
    verb = memchr(line, ' ', len);
    verb = verb ? verb + 1 : end;
  }
  if (!begins(verb, end - verb, "PING ")) {
    return false;
  }
  connection_write(member, "PONG %.*s", (int)(end - verb - 5), verb + 5);
  connection_flush(member);
  return true;
}

/* NATS */

static void nats_join(Member *member) {
  connection_write(member, "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB chat 1\r\nPING\r\n");
}

static bool nats_is_in(const Member *member, const char *line, size_t len) {
  (void)member;
  return is_exactly(line, len, "PONG\r\n");
}

static void nats_say(Member *member, const char *body, int len) {
  connection_write(member, "PUB chat %d\r\n%.*s\r\n", len, len, body);
}

static bool nats_prefix_fits(const char *prefix, size_t len, int speaker, int body_len) {
  (void)speaker;
  char want[32];
  snprintf(want, sizeof want, "MSG chat 1 %d\r\n", body_len);
  return is_exactly(prefix, len, want);
}

static bool nats_is_noise(Member *member, const char *line, size_t len) {
  if (is_exactly(line, len, "PING\r\n")) {
    connection_write(member, "PONG\r\n");
    connection_flush(member);
    return true;
  }
  return begins(line, len, "INFO ");
}

/* Redis: its third protocol lets one connection both subscribe and publish */

static void redis_join(Member *member) {
  connection_write(member, "HELLO 3\r\nSUBSCRIBE chat\r\n");
}

static bool redis_is_in(const Member *member, const char *line, size_t len) {
  (void)member;
  return is_exactly(line, len, "subscribe\r\n");
}

static void redis_say(Member *member, const char *body, int len) {
  connection_write(member, "*3\r\n$7\r\nPUBLISH\r\n$4\r\nchat\r\n$%d\r\n%.*s\r\n", len, len, body);
}

static bool redis_prefix_fits(const char *prefix, size_t len, int speaker, int body_len) {
  (void)speaker;
  char want[64];
  snprintf(want, sizeof want, ">3\r\n$7\r\nmessage\r\n$4\r\nchat\r\n$%d\r\n", body_len);
  return is_exactly(prefix, len, want);
}

/* The answer to a PUBLISH: how many subscribers there were. */
static bool redis_is_noise(Member *member, const char *line, size_t len) {
  (void)member;
  return begins(line, len, ":");
}

static const Dialect DIALECTS[] = {
    {"chatd", true, 1, NULL, NULL, chatd_join, chatd_is_in, chatd_say, chatd_prefix_fits, NULL},
    {"irc", false, 1, irc_arrive, " 001 ", irc_join, irc_is_in, irc_say, irc_prefix_fits, irc_is_noise},
    {"nats", true, 2, NULL, NULL, nats_join, nats_is_in, nats_say, nats_prefix_fits, nats_is_noise},
    {"redis", true, 7, NULL, NULL, redis_join, redis_is_in, redis_say, redis_prefix_fits, redis_is_noise},
};

const Dialect *dialect_named(const char *name) {
  for (size_t i = 0; i < sizeof DIALECTS / sizeof *DIALECTS; i++) {
    if (!strcmp(DIALECTS[i].name, name)) {
      return DIALECTS + i;
    }
  }
  return NULL;
}
