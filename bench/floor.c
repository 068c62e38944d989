/* floor: the least that a JOIN/BCST room can cost. One thread, epoll, one buffer of
 * rendered lines for each wake-up, one send() for each member. No checks, no caps, no
 * names to keep apart, no leaving told: what a real server is held against.
 *
 *   floor PORT      listens on 127.0.0.1
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS_MOST = 65536, EVENTS = 256, IN_SIZE = 8192, NAME_SIZE = 32, BACKLOG = 1024 };

typedef struct {
  char *data;
  size_t len, room;
} Bytes;

typedef struct {
  char name[NAME_SIZE];
  char in[IN_SIZE];
  size_t in_len;
  Bytes out; /* what the kernel did not take yet */
  size_t out_done;
  bool awaits_room;
} Connection;

static Connection *connections[CONNECTIONS_MOST]; /* by descriptor */
static int members[CONNECTIONS_MOST], member_count;
static Bytes batch; /* what was said in this turn */
static int poll_fd;

static void add(Bytes *bytes, const void *data, size_t len) {
  if (bytes->len + len > bytes->room) {
    bytes->room = (bytes->len + len) * 2;
    bytes->data = realloc(bytes->data, bytes->room);
  }
  memcpy(bytes->data + bytes->len, data, len);
  bytes->len += len;
}

static void watch(int fd, int how, bool for_room) {
  struct epoll_event event = {.events = EPOLLIN | (for_room ? EPOLLOUT : 0), .data.fd = fd};
  epoll_ctl(poll_fd, how, fd, &event);
}

static void send_waiting(int fd) {
  Connection *c = connections[fd];
  while (c->out_done < c->out.len) {
    ssize_t sent = send(fd, c->out.data + c->out_done, c->out.len - c->out_done, MSG_NOSIGNAL);
    if (sent <= 0) {
      break;
    }
    c->out_done += sent;
  }
  bool left = c->out_done < c->out.len;
  if (!left) {
    c->out.len = c->out_done = 0;
  }
  if (left != c->awaits_room) {
    c->awaits_room = left;
    watch(fd, EPOLL_CTL_MOD, left);
  }
}

static void send_batch_to(int fd) {
  Connection *c = connections[fd];
  size_t sent = 0;
  if (!c->out.len) {
    ssize_t taken = send(fd, batch.data, batch.len, MSG_NOSIGNAL);
    sent = taken > 0 ? taken : 0;
  }
  if (sent < batch.len) {
    add(&c->out, batch.data + sent, batch.len - sent);
    send_waiting(fd);
  }
}

static void flush_batch(void) {
  if (!batch.len) {
    return;
  }
  for (int i = 0; i < member_count; i++) {
    send_batch_to(members[i]);
  }
  batch.len = 0;
}

static void join(int fd, const char *name, size_t len) {
  Connection *c = connections[fd];
  snprintf(c->name, sizeof c->name, "%.*s", (int)len, name);
  members[member_count++] = fd;
  add(&batch, "SERVER: ", 8);
  add(&batch, c->name, strlen(c->name));
  add(&batch, " joined the chat!\r\n", 19);
}

static void say(int fd, const char *line, size_t len) {
  Connection *c = connections[fd];
  add(&batch, c->name, strlen(c->name));
  add(&batch, ": ", 2);
  add(&batch, line, len);
  add(&batch, "\r\n", 2);
}

static void obey(int fd, const char *line, size_t len) {
  if (len && line[len - 1] == '\r') {
    len--;
  }
  if (len > 5 && !memcmp(line, "JOIN ", 5)) {
    join(fd, line + 5, len - 5);
  } else if (len > 5 && !memcmp(line, "BCST ", 5)) {
    say(fd, line, len);
  }
}

static void forget(int fd) {
  for (int i = 0; i < member_count; i++) {
    if (members[i] == fd) {
      members[i] = members[--member_count];
      break;
    }
  }
  close(fd);
}

static void read_lines(int fd) {
  Connection *c = connections[fd];
  ssize_t came = recv(fd, c->in + c->in_len, sizeof c->in - c->in_len, 0);
  if (came < 0 && errno == EAGAIN) {
    return;
  }
  if (came <= 0) {
    forget(fd);
    return;
  }
  c->in_len += came;
  char *line = c->in, *end = c->in + c->in_len, *newline;
  while ((newline = memchr(line, '\n', end - line))) {
    obey(fd, line, newline - line);
    line = newline + 1;
  }
  memmove(c->in, line, end - line);
  c->in_len = end - line;
}

static void accept_all(int listener) {
  int fd, one = 1;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (!connections[fd]) {
      connections[fd] = calloc(1, sizeof(Connection));
    }
    connections[fd]->in_len = connections[fd]->out.len = connections[fd]->out_done = 0;
    connections[fd]->awaits_room = false;
    watch(fd, EPOLL_CTL_ADD, false);
  }
}

static int listen_on(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, BACKLOG)) {
    perror("floor: cannot listen");
    exit(1);
  }
  return listener;
}

static void turn(int listener) {
  struct epoll_event events[EVENTS];
  int count = epoll_wait(poll_fd, events, EVENTS, -1);
  for (int i = 0; i < count; i++) {
    int fd = events[i].data.fd;
    if (fd == listener) {
      accept_all(listener);
      continue;
    }
    if (events[i].events & EPOLLOUT) {
      send_waiting(fd);
    }
    if (events[i].events & (EPOLLIN | EPOLLHUP)) {
      read_lines(fd);
    }
  }
  flush_batch();
}

int main(int count, char **words) {
  struct rlimit limit;
  if (count != 2) {
    fprintf(stderr, "usage: floor PORT\n");
    return 2;
  }
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  int listener = listen_on(atoi(words[1]));
  poll_fd = epoll_create1(0);
  watch(listener, EPOLL_CTL_ADD, false);
  for (;;) {
    turn(listener);
  }
}
