#include "refused.h"

#include <asm/unistd.h>
#include <linux/audit.h>

/* Newer than the headers of this release. */
#define NR_OPEN_TREE_ATTR 467

static const unsigned short NUMBERS[] = {
#include "refused-names.h"
#if defined(__x86_64__)
    __NR_iopl, __NR_ioperm,
#endif
};

const struct refused NATIVE_CALLS = {
#if defined(__x86_64__)
    .architecture = AUDIT_ARCH_X86_64,
    .foreign_from = 0x40000000,
#else
    .architecture = AUDIT_ARCH_AARCH64,
#endif
    .clone = __NR_clone,
    .clone3 = __NR_clone3,
    .unshare = __NR_unshare,
    .ioctl = __NR_ioctl,
    .numbers = NUMBERS,
    .count = sizeof NUMBERS / sizeof *NUMBERS,
};
