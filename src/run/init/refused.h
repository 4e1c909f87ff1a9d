/* System calls that no program needs inside a rootfs, and that reach out of one (or have been the way out before). */
#ifndef MKROOTFS_REFUSED_H
#define MKROOTFS_REFUSED_H

struct refused {
  /* AUDIT_ARCH_*: numbers mean nothing without it. */
  unsigned architecture;
  /* Calls from this number on belong to an ABI that shares the architecture (x32); 0: there is none. */
  unsigned foreign_from;
  unsigned clone, clone3, unshare, ioctl;
  const unsigned short *numbers;
  int count;
};

/* Of this machine, and of the 32-bit programs that it runs too. */
extern const struct refused NATIVE_CALLS, COMPAT_CALLS;

#endif
