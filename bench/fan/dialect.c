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

/* chatd's web door: a request for a WebSocket, then JSON in frames (RFC 6455, 5.2), which are
 * what is called lines here. A browser says nothing before the answer to its request, so that is
 * the noise which JOIN answers. */

enum { WEB_TEXT = 0x81, WEB_PING = 0x89, WEB_PONG = 0x8a, WEB_LONG = 126, WEB_MASKED = 0x80 };

static void web_join(Member *member) {
  connection_write(member, "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
                           "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                           "Origin: http://127.0.0.1:%d\r\n\r\n",
                   options.port, options.port);
}

/* As a browser sends it: with a mask of its own on each, to be taken off by whoever reads it. */
static void web_send(Member *member, int opcode, const char *text, size_t len) {
  static unsigned seed = 1;
  char frame[BODY_MOST * 2], *at = frame;
  seed = seed * 1664525 + 1013904223;
  *at++ = (char)opcode;
  if (len < WEB_LONG) {
    *at++ = (char)(WEB_MASKED | len);
  } else {
    *at++ = (char)(WEB_MASKED | WEB_LONG);
    *at++ = (char)(len >> 8);
    *at++ = (char)len;
  }
  const char *mask = memcpy(at, &seed, 4);
  at += 4;
  for (size_t i = 0; i < len; i++) {
    *at++ = text[i] ^ mask[i % 4];
  }
  connection_write_bytes(member, frame, at - frame);
}

static size_t web_head_len(const char *frame) {
  return (frame[1] & 0x7f) < WEB_LONG ? 2 : 4; /* longer ones have more than we ask for */
}

static size_t web_line_len(const char *data, size_t len) {
  if (begins(data, len, "HTTP")) {
    const char *end = memmem(data, len, "\r\n\r\n", 4);
    return end ? (size_t)(end + 4 - data) : 0;
  }
  if (len < 4) {
    return len >= 2 && !data[1] ? 2 : 0;
  }
  size_t text = data[1] & 0x7f;
  if (text == WEB_LONG) {
    text = (size_t)(unsigned char)data[2] << 8 | (unsigned char)data[3];
  }
  size_t frame = web_head_len(data) + text;
  return frame <= len ? frame : 0;
}

static bool web_is_in(const Member *member, const char *line, size_t len) {
  char own[64];
  snprintf(own, sizeof own, "{\"type\":\"joined\",\"name\":\"u%d\"}\n", member->id);
  return len > 2 && is_exactly(line + 2, len - 2, own);
}

static void web_say(Member *member, const char *body, int len) {
  char text[BODY_MOST + 64];
  web_send(member, WEB_TEXT, text,
           snprintf(text, sizeof text, "{\"type\":\"say\",\"text\":\"%.*s\"}", len, body));
}

/* The time is the daemon's own, and only its form is known: 2026-11-20T21:33:01Z. */
static bool web_prefix_fits(const char *prefix, size_t len, int speaker, int body_len) {
  static const char type[] = "{\"type\":\"said\",\"at\":\"";
  enum { TYPE = sizeof type - 1, TIME = 20 };
  char name[48];
  snprintf(name, sizeof name, "\",\"name\":\"u%d\",\"text\":\"", speaker);
  size_t head = web_head_len(prefix), text = len - head;
  return (prefix[0] & 0xff) == WEB_TEXT && len > head + TYPE + TIME &&
         web_line_len(prefix, len + body_len + 3) == len + body_len + 3 &&
         begins(prefix + head, text, type) && prefix[head + TYPE + TIME - 1] == 'Z' &&
         is_exactly(prefix + head + TYPE + TIME, text - TYPE - TIME, name);
}

static bool web_is_noise(Member *member, const char *line, size_t len) {
  if (begins(line, len, "HTTP/1.1 101 ")) {
    char join[64];
    web_send(member, WEB_TEXT, join,
             snprintf(join, sizeof join, "{\"type\":\"join\",\"name\":\"u%d\"}", member->id));
  } else if ((line[0] & 0xff) == WEB_PING) {
    web_send(member, WEB_PONG, line + 2, len - 2);
  } else {
    return false;
  }
  connection_flush(member);
  return true;
}

static const Dialect DIALECTS[] = {
    {"chatd", true, 1, NULL, "\r\n", NULL, NULL, chatd_join, chatd_is_in, chatd_say, chatd_prefix_fits, NULL},
    {"irc", false, 1, NULL, "\r\n", irc_arrive, " 001 ", irc_join, irc_is_in, irc_say, irc_prefix_fits, irc_is_noise},
    {"nats", true, 2, NULL, "\r\n", NULL, NULL, nats_join, nats_is_in, nats_say, nats_prefix_fits, nats_is_noise},
    {"redis", true, 7, NULL, "\r\n", NULL, NULL, redis_join, redis_is_in, redis_say, redis_prefix_fits, redis_is_noise},
    {"web", true, 1, web_line_len, "\"}\n", NULL, NULL, web_join, web_is_in, web_say, web_prefix_fits, web_is_noise},
};

static size_t text_line_len(const char *data, size_t len) {
  const char *newline = memchr(data, '\n', len);
  return newline ? (size_t)(newline + 1 - data) : 0;
}

size_t line_len(const char *data, size_t len) {
  return (options.dialect->line_len ? options.dialect->line_len : text_line_len)(data, len);
}

const Dialect *dialect_named(const char *name) {
  for (size_t i = 0; i < sizeof DIALECTS / sizeof *DIALECTS; i++) {
    if (!strcmp(DIALECTS[i].name, name)) {
      return DIALECTS + i;
    }
  }
  return NULL;
}
