/* System calls without a C library: what PID 1 needs is smaller than the start-up code of any. */
#ifndef MKROOTFS_SYSTEM_H
#define MKROOTFS_SYSTEM_H

#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/types.h>

typedef unsigned long size_t;
#define NULL ((void *)0)

#if defined(__x86_64__)
static inline long call6(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
static inline long call6(long number, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc #0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}
#else
#error "no system call convention for this machine"
#endif

#define AS_LONG(value) ((long)(value))
#define CALL_0(n) call6(n, 0, 0, 0, 0, 0, 0)
#define CALL_1(n, a) call6(n, AS_LONG(a), 0, 0, 0, 0, 0)
#define CALL_2(n, a, b) call6(n, AS_LONG(a), AS_LONG(b), 0, 0, 0, 0)
#define CALL_3(n, a, b, c) call6(n, AS_LONG(a), AS_LONG(b), AS_LONG(c), 0, 0, 0)
#define CALL_4(n, a, b, c, d) call6(n, AS_LONG(a), AS_LONG(b), AS_LONG(c), AS_LONG(d), 0, 0)
#define CALL_5(n, a, b, c, d, e) call6(n, AS_LONG(a), AS_LONG(b), AS_LONG(c), AS_LONG(d), AS_LONG(e), 0)

/* Errors come back as -errno, as the kernel gives them. */
static inline long sys_open(const char *path, int flags, int mode) {
  return CALL_4(__NR_openat, AT_FDCWD, path, flags, mode);
}
static inline long sys_close(int fd) { return CALL_1(__NR_close, fd); }
static inline long sys_read(int fd, void *to, size_t size) { return CALL_3(__NR_read, fd, to, size); }
static inline long sys_write(int fd, const void *from, size_t size) { return CALL_3(__NR_write, fd, from, size); }
static inline long sys_mkdir(const char *path, int mode) { return CALL_3(__NR_mkdirat, AT_FDCWD, path, mode); }
static inline long sys_chdir(const char *path) { return CALL_1(__NR_chdir, path); }
static inline long sys_mount(const char *source, const char *target, const char *type, unsigned long flags,
                             const char *data) {
  return CALL_5(__NR_mount, source, target, type, flags, data);
}
static inline __attribute__((noreturn)) void sys_exit(int code) {
  for (;;) CALL_1(__NR_exit_group, code);
}

void *memset(void *to, int byte, size_t size);
void *memcpy(void *to, const void *from, size_t size);
size_t length(const char *text);
int equal(const char *left, const char *right);
int exists(const char *path);
int is_directory(const char *path);
/* Value of a decimal number; -1 if it is none or above INT_MAX. */
int number(const char *text);

#endif
