/*
 * The least that it costs to give one frame to thousands of sockets: a loop of send(). It tells what the viewers' side can
 * take. Speaks just enough of websockets to be taken for a server.
 *
 *   (at the start) -> listening PORT
 *   send MESSAGE      -> sent
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX 20000

static int fds[MAX], open_;
static char line[1 << 20];
static unsigned char frame[1 << 20];

static void letIn(int listener) {
  int fd = accept(listener, NULL, NULL), yes = 1;
  if (fd < 0 || open_ == MAX) exit(1);
  char head[4096];
  size_t size = 0;
  while (memmem(head, size, "\r\n\r\n", 4) == NULL) {
    ssize_t got = recv(fd, head + size, sizeof head - size, 0);
    if (got <= 0) exit(1);
    size += got;
  }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
  fds[open_++] = fd;
}

static void sendAll(const char *message) {
  size_t size = strlen(message), head = 2;
  frame[0] = 0x81;
  frame[1] = size;
  if (size >= 126) {
    if (size > 65535) exit(1);
    frame[1] = 126;
    frame[2] = size >> 8;
    frame[3] = size & 255;
    head = 4;
  }
  memcpy(frame + head, message, size);
  for (int i = 0; i < open_; i++) send(fds[i], frame, head + size, MSG_NOSIGNAL);
  printf("sent\n");
  fflush(stdout);
}

int main(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  setvbuf(stdin, NULL, _IONBF, 0);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t size = sizeof address;
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 4096) < 0) return 1;
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);
  struct pollfd ready[2] = {{.fd = 0, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
  for (;;) {
    poll(ready, 2, -1);
    if (ready[1].revents) letIn(listener);
    if (!ready[0].revents) continue;
    if (fgets(line, sizeof line, stdin) == NULL) return 0;
    line[strcspn(line, "\n")] = 0;
    if (strncmp(line, "send ", 5) == 0) sendAll(line + 5);
  }
}
