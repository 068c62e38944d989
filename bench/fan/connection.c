/* The connections: one thread, epoll, nothing that waits. */
#define _GNU_SOURCE
#include "fan.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 1 << 18, EVENTS = 512, WRITE_MOST = 4096 };

double last_heard;
static int poll_fd = -1;

static void watch(Member *member, int how) {
  struct epoll_event event = {.data.ptr = member};
  event.events = EPOLLIN | (member->awaits_room ? EPOLLOUT : 0);
  epoll_ctl(poll_fd, how, member->fd, &event);
}

void connection_open(Member *member) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(options.port)};
  int one = 1;
  if (poll_fd < 0) {
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
  }
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  member->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (member->fd < 0 || connect(member->fd, (void *)&server, sizeof server)) {
    fail("member %d cannot connect: %s", member->id, strerror(errno));
  }
  setsockopt(member->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(member->fd, F_SETFL, O_NONBLOCK);
  watch(member, EPOLL_CTL_ADD);
}

/* Adds to what will go out at the next flush. */
void connection_write(Member *member, const char *format, ...) {
  char text[WRITE_MOST];
  va_list values;
  va_start(values, format);
  int len = vsnprintf(text, sizeof text, format, values);
  va_end(values);
  bytes_add(&member->out, text, len);
}

void connection_write_bytes(Member *member, const char *data, size_t len) {
  bytes_add(&member->out, data, len);
}

void connection_flush(Member *member) {
  while (member->out_done < member->out.len) {
    ssize_t sent = send(member->fd, member->out.data + member->out_done,
                        member->out.len - member->out_done, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
      fail("member %d was cut off: %s", member->id, strerror(errno));
    }
    if (sent < 0) {
      break;
    }
    member->out_done += sent;
  }
  bool left = member->out_done < member->out.len;
  if (!left) {
    member->out.len = member->out_done = 0;
  }
  if (left != member->awaits_room) {
    member->awaits_room = left;
    watch(member, EPOLL_CTL_MOD);
  }
}

/* Hands over what came, after what was left over the last time; keeps what is not taken. */
static void connection_read(Member *member, size_t (*read)(Member *, const char *, size_t)) {
  static char buffer[READ_SIZE];
  size_t kept = member->in.len;
  if (kept > READ_SIZE / 2) {
    fail("member %d: %zu bytes and no end of a line", member->id, kept);
  }
  memcpy(buffer, member->in.data ? member->in.data : "", kept);
  ssize_t came = recv(member->fd, buffer + kept, sizeof buffer - kept, 0);
  if (came < 0 && errno == EAGAIN) {
    return;
  }
  if (came <= 0) {
    fail("member %d was cut off: %s", member->id, came ? strerror(errno) : "end of file");
  }
  last_heard = now();
  size_t len = kept + came;
  size_t taken = read(member, buffer, len);
  member->in.len = 0;
  if (taken < len) {
    bytes_add(&member->in, buffer + taken, len - taken);
  }
}

void connections_turn(int milliseconds, size_t (*read)(Member *, const char *, size_t)) {
  struct epoll_event events[EVENTS];
  int count = epoll_wait(poll_fd, events, EVENTS, milliseconds);
  for (int i = 0; i < count; i++) {
    Member *member = events[i].data.ptr;
    if (events[i].events & EPOLLOUT) {
      connection_flush(member);
    }
    if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
      connection_read(member, read);
    }
  }
}
