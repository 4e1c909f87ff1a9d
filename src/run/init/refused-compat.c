/* The same list for 32-bit programs: i386 under x86-64, ARM EABI under arm64. */
#include "refused.h"

#include <linux/audit.h>
#if defined(__x86_64__)
#include <asm/unistd_32.h>
#else
#include "unistd-arm.h"
#endif

#define NR_OPEN_TREE_ATTR 467

static const unsigned short NUMBERS[] = {
#include "refused-names.h"
    __NR_clock_settime64,
#if defined(__x86_64__)
    __NR_umount, __NR_stime, __NR_iopl, __NR_ioperm, __NR_vm86, __NR_vm86old,
#endif
};

const struct refused COMPAT_CALLS = {
#if defined(__x86_64__)
    .architecture = AUDIT_ARCH_I386,
#else
    .architecture = AUDIT_ARCH_ARM,
#endif
    .clone = __NR_clone,
    .clone3 = __NR_clone3,
    .unshare = __NR_unshare,
    .ioctl = __NR_ioctl,
    .numbers = NUMBERS,
    .count = sizeof NUMBERS / sizeof *NUMBERS,
};
