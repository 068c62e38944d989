/* What the parts of fan share: see main.c for what it is for. */
#ifndef FAN_H
#define FAN_H

#include <stdbool.h>
#include <stddef.h>

enum { BODY_LEAST = 48, BODY_MOST = 1024, SENDERS_MOST = 64 };

/* Bytes that grow at their end. */
typedef struct {
  char *data;
  size_t len, room;
} Bytes;

void bytes_add(Bytes *bytes, const void *data, size_t len);

/* One connection: somebody in the room. */
typedef struct Member {
  int id, fd;
  bool joined, gone;
  Bytes out; /* what the kernel did not take yet... */
  size_t out_done;
  bool awaits_room; /* ...and whether epoll watches for it */
  Bytes in;         /* the beginning of a record that has not come whole */
  size_t at, line;  /* how far into the one stream of the phase it has read */
  size_t got;       /* lines delivered to it in this phase */
  Bytes order;      /* read by itself: who spoke, a byte for each line */
} Member;

/* How a server is spoken to. */
typedef struct {
  const char *name;
  bool echoes;          /* whether a speaker hears itself */
  int lines_per_record; /* line ends in one delivery */
  /* Bytes of the line that this begins with, 0 if it has not come whole. NULL: up to LF. */
  size_t (*line_len)(const char *data, size_t len);
  const char *after_body; /* in a delivery */
  void (*arrive)(Member *); /* right after connecting; NULL: nothing to say */
  const char *arrived;      /* what shows that it is registered */
  void (*join)(Member *);
  /* Whether this line, its end included, says that the member is in. */
  bool (*is_in)(const Member *, const char *line, size_t len);
  void (*say)(Member *, const char *body, int len);
  /* Whether a delivery's bytes before the body are as they should be. */
  bool (*prefix_fits)(const char *prefix, size_t len, int speaker, int body_len);
  /* Whether a line is no delivery but the server's own business; answers a ping. NULL:
   * there is none. */
  bool (*is_noise)(Member *, const char *line, size_t len);
} Dialect;

const Dialect *dialect_named(const char *name);
size_t line_len(const char *data, size_t len);

/* What the command line says. */
typedef struct {
  const Dialect *dialect;
  const char *order; /* "one": the same for all; "each": each speaker's own is kept */
  int port, pid, members, window, body_len, join_batch;
  double patience;
} Options;

extern Options options;
extern Member *members;

/* connection.c */
void connection_open(Member *member);
void connection_write(Member *member, const char *format, ...);
void connection_write_bytes(Member *member, const char *data, size_t len);
void connection_flush(Member *member);
/* Waits for traffic at most so long and hands it to `read`, which says how much it took. */
void connections_turn(int milliseconds, size_t (*read)(Member *, const char *, size_t));
extern double last_heard;

/* arrival.c */
void everyone_joins(void);

/* check.c */
typedef struct {
  int senders;
  double seconds; /* for which they speak */
  double rate;    /* lines a second in all; 0: as the window allows */
} Phase;

void check_begin(const Phase *begun);
void check_said(int sender, const char *body, double stamp);
size_t check_read(Member *member, const char *data, size_t len);
/* How many deliveries there will be, once nobody says anything more. */
size_t check_expects(void);
void check_end(void);
extern size_t deliveries;
extern size_t said_by[SENDERS_MOST];
extern size_t seen_of[SENDERS_MOST]; /* how many of a sender's lines the last member has */
extern Bytes waits;                  /* seconds, a double for each delivery, where paced */

/* server.c */
double now(void);
double server_cpu(void);
long server_rss_kb(void);
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
