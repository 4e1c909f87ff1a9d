#include "program.h"
#include "exec.h"
#include "report.h"
#include "system.h"

#include <linux/poll.h>
#include <linux/signal.h>
#include <linux/signalfd.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/wait.h>

enum { SIGNALS = 64, SET_SIZE = 8, FROM_KERNEL = 0x80, SECOND = 1000000000 };

typedef unsigned long long signal_set;
static const signal_set ALL = ~0ULL;

/* When the terminal last sent each signal, nanoseconds; 0: never, or since passed on by the runner as well. */
static long long typed_at[SIGNALS + 1];

static long long now(void) {
  struct __kernel_timespec time = {0};
  CALL_2(__NR_clock_gettime, CLOCK_MONOTONIC, &time);
  return time.tv_sec * (long long)SECOND + time.tv_nsec + 1;
}

static void set_mask(const signal_set *set) { CALL_4(__NR_rt_sigprocmask, SIG_SETMASK, set, NULL, SET_SIZE); }

static void become_program(char **command, char **environment) {
  const signal_set none = 0;
  /* Handler, flags, restorer, mask: all zero is the default action. The layout differs, the size is enough. */
  const long defaults[8] = {0};
  for (int signal = 1; signal <= SIGNALS; signal++)
    CALL_4(__NR_rt_sigaction, signal, defaults, NULL, SET_SIZE);
  set_mask(&none);
  sys_exit(execute(command, environment));
}

static int start(char **command, char **environment) {
  int child = (int)must(CALL_5(__NR_clone, SIGCHLD, 0, 0, 0, 0), "start", command[0]);
  if (child == 0) become_program(command, environment);
  return child;
}

/* The terminal signals its whole foreground group: program and runner have got it already, and the runner passes
   it on a moment later. That second one is dropped. */
static int is_echo(int signal) {
  long long typed = typed_at[signal];
  typed_at[signal] = 0;
  return typed != 0 && now() - typed < SECOND;
}

static void pass_on(int child, int signal) { CALL_2(__NR_kill, child, signal); }

static void take_signals(int fd, int child) {
  struct signalfd_siginfo info;
  while (sys_read(fd, &info, sizeof info) == sizeof info) {
    if (info.ssi_signo == SIGCHLD) continue;
    if (info.ssi_code == FROM_KERNEL) typed_at[info.ssi_signo] = now();
    else pass_on(child, (int)info.ssi_signo);
  }
}

/* Each byte is the number of a signal. At the end of the stream the runner is gone, and nothing may outlive it. */
static void take_requests(int fd, int child) {
  unsigned char signal;
  long got = sys_read(fd, &signal, 1);
  if (got == -EAGAIN || got == -EINTR) return;
  if (got != 1) sys_exit(KILLED_BY + SIGKILL);
  if (signal >= 1 && signal <= SIGNALS && !is_echo(signal)) pass_on(child, signal);
}

/* Returns 1 once the program itself has ended. */
static int reap(int child, int *status) {
  int ended;
  for (;;) {
    long pid = CALL_4(__NR_wait4, -1, &ended, WNOHANG | __WALL, NULL);
    if (pid <= 0) return 0;
    if (pid == child) {
      *status = ended;
      return 1;
    }
  }
}

static int exit_code(int status) {
  int signal = status & 0x7f;
  return signal ? KILLED_BY + signal : (status >> 8) & 0xff;
}

int run_program(char **command, char **environment) {
  int status = 0;
  set_mask(&ALL);
  int signals = (int)must(CALL_4(__NR_signalfd4, -1, &ALL, SET_SIZE, O_CLOEXEC | O_NONBLOCK), "take", "signals");
  report_start();
  int child = start(command, environment);
  struct pollfd watched[] = {{signals, POLLIN, 0}, {report_socket(), POLLIN, 0}};
  while (!reap(child, &status)) {
    CALL_5(__NR_ppoll, watched, 2, NULL, NULL, SET_SIZE);
    take_signals(signals, child);
    if (watched[1].revents) take_requests(watched[1].fd, child);
    watched[1].revents = 0;
  }
  report_end(status);
  return exit_code(status);
}
