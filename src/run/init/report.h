/* What PID 1 tells the runner, on a socket of its own; without one, failures go to standard error. */
#ifndef MKROOTFS_REPORT_H
#define MKROOTFS_REPORT_H

/* Codes that the shell and env(1) use for the same failures; 125 is the runner's own. */
enum { RUNNER_FAILED = 125, NOT_EXECUTABLE = 126, NOT_FOUND = 127, KILLED_BY = 128 };

/* The descriptor on which the runner leaves its socket. */
enum { REPORT_FD = 3 };

/* Closes every inherited descriptor above standard error, but for the runner's socket. */
void keep_only_report(void);
/* The socket, or -1. */
int report_socket(void);
/* `start`: everything is in place, the program is next. */
void report_start(void);
/* `exit STATUS`: the program ended, with the status that wait(2) gave. */
void report_end(int status);
/* `exec ERRNO PATH`: the program cannot be started. */
void report_exec(long error, const char *path);
/* `setup ERRNO VERB OBJECT`, then ends with 125. */
__attribute__((noreturn)) void fail(long error, const char *verb, const char *object);
/* Fails if `result` is an error of the kernel, else returns it. */
long must(long result, const char *verb, const char *object);

#endif
