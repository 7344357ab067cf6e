/*
 * Thousands of viewers in one thread, as cheap as they can be: a frame or an event is found by its length or its end, and
 * counted by the number that stands in it. Nothing is parsed as JSON. Linux: it is built on epoll.
 *
 * Commands come as lines on stdin, and are answered by one line each on stdout. Times are ms on CLOCK_MONOTONIC.
 *
 *   open KIND HOST PORT VIEWERS AT_ONCE <tab> PATH <tab> JOIN <tab> JOIN
 *       KIND is websocket, socket.io or stream. At most AT_ONCE are on their way in at a time. A socket.io viewer sends one
 *       of the two JOINs, turn about, and is in when that is answered; without any, when it is connected.
 *       -> opened FROM TO RESUMED RESTARTED BYTES: how many were answered so, and the size of the largest answer
 *   wait FROM TO      -> seen FIRST LAST BYTES: when FROM came to the first viewer, and TO to the last one
 *   usage             -> usage CPU_MS
 *   close             -> closed
 *
 * A viewer that misses a number, is given one twice, or is closed: failed REASON, and the program ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MARK "benchmark"
#define DIGITS 8
#define ENTRY "42[\"entry\""
#define BUFFER_BYTES (8 << 20)
#define TALLIES 16384

enum kind { WEBSOCKET, SOCKET_IO, STREAM };
enum state { CONNECTING, GREETING, JOINING, IN };

struct viewer {
  int fd;
  int turn;
  enum state state;
  long last;      /* the number that it was given last; 0: none yet */
  char *left;     /* the beginning of what has not come to its end */
  size_t leftSize;
};

struct tally {
  long number;
  int viewers;
  double first, last;
};

static enum kind kind;
static struct sockaddr_in address;
static char request[4096], joins[2][4096];
static struct viewer *viewers;
static int wanted, started, in, atOnce, resumed, restarted, epoll;
static double openedFrom;
static struct tally tallies[TALLIES];
static long waitFrom, waitTo;
static size_t messageBytes, answerBytes;
static char *buffer;

static void fail(const char *reason) {
  printf("failed %s\n", reason);
  fflush(stdout);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* Where the number of an update stands in a message; 0 when there is none. */
static long numberIn(const char *text, size_t size) {
  const char *mark = memmem(text, size, MARK, strlen(MARK));
  if (mark == NULL || mark + strlen(MARK) + DIGITS > text + size) fail("an entry without a number");
  long number = 0;
  for (int i = 0; i < DIGITS; i++) number = number * 10 + (mark[strlen(MARK) + i] - '0');
  return number;
}

static void answerWait(void) {
  if (waitTo == 0) return;
  struct tally *first = &tallies[waitFrom % TALLIES], *last = &tallies[waitTo % TALLIES];
  if (last->number != waitTo || last->viewers != wanted) return;
  printf("seen %.4f %.4f %zu\n", first->first, last->last, messageBytes);
  fflush(stdout);
  waitTo = 0;
}

static void count(struct viewer *viewer, const char *text, size_t size) {
  long number = numberIn(text, size);
  if (viewer->last != 0 && number != viewer->last + 1) fail("a viewer missed an update, or was given one twice");
  viewer->last = number;
  struct tally *tally = &tallies[number % TALLIES];
  if (tally->number != number) *tally = (struct tally){.number = number, .first = now()};
  if (++tally->viewers < wanted) return;
  tally->last = now();
  messageBytes = size;
  answerWait();
}

/* A text frame of a client; with a masking key of zeros the text stands in it as it is. */
static void sendText(struct viewer *viewer, const char *text) {
  unsigned char frame[4200] = {0x81};
  size_t size = strlen(text), head = 2;
  if (size < 126) frame[1] = 0x80 | size;
  else {
    frame[1] = 0x80 | 126;
    frame[2] = size >> 8;
    frame[3] = size & 255;
    head = 4;
  }
  memset(frame + head, 0, 4);
  memcpy(frame + head + 4, text, size);
  if (send(viewer->fd, frame, head + 4 + size, MSG_NOSIGNAL) != (ssize_t)(head + 4 + size)) fail("a viewer could not write");
}

static void startSome(void);

static void enter(struct viewer *viewer) {
  viewer->state = IN;
  in++;
  if (started < wanted) startSome();
  else if (in == wanted) {
    printf("opened %.4f %.4f %d %d %zu\n", openedFrom, now(), resumed, restarted, answerBytes);
    fflush(stdout);
  }
}

static bool beginsWith(const char *text, size_t size, const char *start) {
  return size >= strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

static void noteAnswer(const char *text, size_t size) {
  size_t seen = size < 60 ? size : 60;
  if (memmem(text, seen, "resumed", 7) != NULL) resumed++;
  else if (memmem(text, seen, "restarted", 9) != NULL) restarted++;
  else fail("a join was refused");
  if (size > answerBytes) answerBytes = size;
}

static void takeMessage(struct viewer *viewer, const char *text, size_t size) {
  if (beginsWith(text, size, ENTRY)) return count(viewer, text, size);
  if (kind != SOCKET_IO) return;
  if (size == 1 && text[0] == '2') return sendText(viewer, "3");
  if (viewer->state == GREETING && text[0] == '0') return sendText(viewer, "40");
  if (viewer->state == GREETING && beginsWith(text, size, "40")) {
    if (joins[viewer->turn][0] == 0) return enter(viewer);
    viewer->state = JOINING;
    return sendText(viewer, joins[viewer->turn]);
  }
  if (viewer->state == JOINING && beginsWith(text, size, "430")) {
    noteAnswer(text, size);
    enter(viewer);
  }
}

/* The head of a chunk may stand before an event. */
static void takeEvent(struct viewer *viewer, const char *text, size_t size) {
  size_t seen = size < 16 ? size : 16;
  if (memmem(text, seen, "id:", 3) != NULL) return count(viewer, text, size);
  if (viewer->state == GREETING && memmem(text, seen, "event:re", 8) != NULL) {
    noteAnswer(text, size);
    enter(viewer);
  }
}

/* Takes the first whole frame, event or head of an answer; how many bytes that were, or 0 when none is whole. */
static size_t takeOne(struct viewer *viewer, char *text, size_t size) {
  if (viewer->state == CONNECTING) {
    char *end = memmem(text, size, "\r\n\r\n", 4);
    if (end == NULL) return 0;
    if (!beginsWith(text, size, kind == STREAM ? "HTTP/1.1 200" : "HTTP/1.1 101")) fail("a viewer was not let in");
    viewer->state = GREETING;
    if (kind == WEBSOCKET) enter(viewer);
    return end + 4 - text;
  }
  if (kind == STREAM) {
    char *end = memmem(text, size, "\n\n", 2);
    if (end == NULL) return 0;
    takeEvent(viewer, text, end - text);
    return end + 2 - text;
  }
  if (size < 2) return 0;
  const unsigned char *head = (unsigned char *)text;
  size_t length = head[1], from = 2;
  if (length == 126) {
    if (size < 4) return 0;
    length = head[2] << 8 | head[3];
    from = 4;
  } else if (length == 127) {
    if (size < 10) return 0;
    length = (size_t)head[6] << 24 | head[7] << 16 | head[8] << 8 | head[9];
    from = 10;
  }
  if (size < from + length) return 0;
  if ((head[0] & 15) == 1) takeMessage(viewer, text + from, length);
  else if ((head[0] & 15) == 8) fail("a viewer was closed");
  return from + length;
}

static void readSome(struct viewer *viewer) {
  size_t size = viewer->leftSize;
  if (size > 0) memcpy(buffer, viewer->left, size);
  ssize_t got = recv(viewer->fd, buffer + size, BUFFER_BYTES - size, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) fail("a viewer was cut off");
  size += got;
  size_t at = 0, taken;
  while (at < size && (taken = takeOne(viewer, buffer + at, size - at)) > 0) at += taken;
  viewer->leftSize = size - at;
  if (viewer->leftSize > 0) {
    viewer->left = realloc(viewer->left, viewer->leftSize);
    memcpy(viewer->left, buffer + at, viewer->leftSize);
  } else if (viewer->left != NULL) {
    free(viewer->left);
    viewer->left = NULL;
  }
}

static void startSome(void) {
  while (started < wanted && started - in < atOnce) {
    struct viewer *viewer = &viewers[started];
    *viewer = (struct viewer){.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), .turn = started & 1};
    started++;
    if (viewer->fd < 0) fail("there are not enough file descriptors");
    int yes = 1;
    setsockopt(viewer->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(viewer->fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS) fail(strerror(errno));
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = viewer};
    epoll_ctl(epoll, EPOLL_CTL_ADD, viewer->fd, &event);
  }
}

static void greet(struct viewer *viewer) {
  if (send(viewer->fd, request, strlen(request), MSG_NOSIGNAL) < 0) fail("a viewer could not connect");
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = viewer};
  epoll_ctl(epoll, EPOLL_CTL_MOD, viewer->fd, &event);
}

static void openAll(char *line) {
  char kindName[16], host[64], *path = strchr(line, '\t') + 1, *first = strchr(path, '\t'), *second;
  int port;
  if (sscanf(line, "open %15s %63s %d %d %d", kindName, host, &port, &wanted, &atOnce) != 5) fail("open: what?");
  *first++ = 0;
  second = strchr(first, '\t');
  *second++ = 0;
  snprintf(joins[0], sizeof joins[0], "%s", first);
  snprintf(joins[1], sizeof joins[1], "%s", second);
  kind = strcmp(kindName, "websocket") == 0 ? WEBSOCKET : strcmp(kindName, "stream") == 0 ? STREAM : SOCKET_IO;
  const char *upgrade =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s:%d\r\n%s\r\n", path, host, port, kind == STREAM ? "" : upgrade);
  address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, host, &address.sin_addr);
  viewers = calloc(wanted, sizeof *viewers);
  started = in = resumed = restarted = answerBytes = 0;
  memset(tallies, 0, sizeof tallies);
  openedFrom = now();
  startSome();
}

static void closeAll(void) {
  struct linger atOnceGone = {1, 0};
  for (int i = 0; i < started; i++) {
    setsockopt(viewers[i].fd, SOL_SOCKET, SO_LINGER, &atOnceGone, sizeof atOnceGone);
    close(viewers[i].fd);
    free(viewers[i].left);
  }
  free(viewers);
  viewers = NULL;
  started = in = wanted = 0;
  printf("closed\n");
  fflush(stdout);
}

static void obey(char *line) {
  if (strncmp(line, "open ", 5) == 0) openAll(line);
  else if (sscanf(line, "wait %ld %ld", &waitFrom, &waitTo) == 2) answerWait();
  else if (strcmp(line, "close") == 0) closeAll();
  else if (strcmp(line, "usage") == 0) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double ms = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
    printf("usage %.3f\n", ms);
    fflush(stdout);
  } else fail("no such command");
}

static void readCommands(void) {
  static char lines[16384];
  static size_t size;
  ssize_t got = read(0, lines + size, sizeof lines - size - 1);
  if (got <= 0) exit(0); /* nobody is left to ask */
  size += got;
  char *end;
  while ((end = memchr(lines, '\n', size)) != NULL) {
    *end = 0;
    obey(lines);
    size -= end + 1 - lines;
    memmove(lines, end + 1, size);
  }
}

int main(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  buffer = malloc(BUFFER_BYTES);
  epoll = epoll_create1(0);
  struct epoll_event commands = {.events = EPOLLIN, .data.ptr = NULL}, events[256];
  epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &commands);
  for (;;) {
    int ready = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < ready; i++) {
      struct viewer *viewer = events[i].data.ptr;
      if (viewer == NULL) {
        readCommands();
        break; /* after `close` the others are gone */
      }
      if (viewer->state == CONNECTING && (events[i].events & EPOLLOUT)) greet(viewer);
      else readSome(viewer);
    }
  }
}
