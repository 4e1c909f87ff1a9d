#include "system.h"

size_t length(const char *text) {
  size_t count = 0;
  while (text[count]) count++;
  return count;
}

int equal(const char *left, const char *right) {
  while (*left && *left == *right) left++, right++;
  return *left == *right;
}

static int opens(const char *path, int flags) {
  long fd = sys_open(path, O_PATH | O_CLOEXEC | flags, 0);
  if (fd >= 0) sys_close((int)fd);
  return fd >= 0;
}

int exists(const char *path) { return opens(path, 0); }

int is_directory(const char *path) { return opens(path, O_DIRECTORY); }

int number(const char *text) {
  long value = 0;
  if (!*text) return -1;
  for (; *text; text++) {
    if (*text < '0' || *text > '9') return -1;
    value = value * 10 + (*text - '0');
    if (value > 0x7fffffff) return -1;
  }
  return (int)value;
}

/* The compiler calls these two even in freestanding code. */
void *memset(void *to, int byte, size_t size) {
  unsigned char *at = to;
  while (size--) *at++ = (unsigned char)byte;
  return to;
}

void *memcpy(void *to, const void *from, size_t size) {
  unsigned char *at = to;
  const unsigned char *source = from;
  while (size--) *at++ = *source++;
  return to;
}

int main(int argc, char **argv, char **environment);

/* The kernel hands over argc, argv and the environment on the stack (System V ABI, process initialisation). */
__attribute__((used, noreturn)) void begin(long *stack) {
  int argc = (int)stack[0];
  char **argv = (char **)(stack + 1);
  sys_exit(main(argc, argv, argv + argc + 1));
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n  xor %ebp, %ebp\n  mov %rsp, %rdi\n  and $-16, %rsp\n  call begin\n");
#else
__asm__(".globl _start\n_start:\n  mov x29, #0\n  mov x30, #0\n  mov x0, sp\n  b begin\n");
#endif
