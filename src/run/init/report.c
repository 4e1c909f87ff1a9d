#include "report.h"
#include "system.h"

#include <linux/stat.h>

static int has_socket;

/* One message is one write: two processes write here (PID 1 and the program before its exec). */
struct message {
  char text[512];
  size_t size;
};

static void add(struct message *message, const char *text) {
  while (*text && message->size < sizeof message->text - 1) {
    /* A line is a message, so a path with a line break must not make two. */
    message->text[message->size++] = *text == '\n' ? '?' : *text;
    text++;
  }
}

static void add_number(struct message *message, long value) {
  char digits[24];
  char *at = digits + sizeof digits - 1;
  unsigned long rest = value < 0 ? -(unsigned long)value : (unsigned long)value;
  *at = '\0';
  do *--at = (char)('0' + rest % 10);
  while (rest /= 10);
  if (value < 0) *--at = '-';
  add(message, at);
}

static void send(struct message *message) {
  int fd = has_socket ? REPORT_FD : 2;
  message->text[message->size++] = '\n';
  sys_write(fd, message->text, message->size);
}

static void send_failure(const char *kind, long error, const char *verb, const char *object) {
  struct message message = {.size = 0};
  if (!has_socket) add(&message, "mkrootfs-init: ");
  add(&message, kind);
  add(&message, " ");
  add_number(&message, error < 0 ? -error : error);
  add(&message, " ");
  add(&message, verb);
  if (*verb && *object) add(&message, " ");
  add(&message, object);
  send(&message);
}

static int is_socket(void) {
  struct statx found = {0};
  long error = CALL_5(__NR_statx, REPORT_FD, "", AT_EMPTY_PATH, STATX_TYPE, &found);
  return error == 0 && (found.stx_mode & S_IFMT) == S_IFSOCK;
}

void keep_only_report(void) {
  has_socket = is_socket();
  if (has_socket) CALL_3(__NR_fcntl, REPORT_FD, F_SETFD, FD_CLOEXEC);
  must(CALL_3(__NR_close_range, has_socket ? REPORT_FD + 1 : REPORT_FD, ~0U, 0), "close", "descriptors");
}

int report_socket(void) { return has_socket ? REPORT_FD : -1; }

void report_start(void) {
  struct message message = {.size = 0};
  if (!has_socket) return;
  add(&message, "start");
  send(&message);
}

void report_end(int status) {
  struct message message = {.size = 0};
  if (!has_socket) return;
  add(&message, "exit ");
  add_number(&message, status);
  send(&message);
}

void report_exec(long error, const char *path) { send_failure("exec", error, "", path); }

void fail(long error, const char *verb, const char *object) {
  send_failure("setup", error, verb, object);
  sys_exit(RUNNER_FAILED);
}

long must(long result, const char *verb, const char *object) {
  if (result < 0) fail(result, verb, object);
  return result;
}
