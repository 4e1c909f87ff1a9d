#include "privileges.h"
#include "report.h"
#include "system.h"

#include <linux/capability.h>
#include <linux/prctl.h>

#define BIT(capability) (1ULL << (capability))

/* What root inside needs over the files and processes of its own namespaces. Not among them: CAP_SYS_ADMIN,
   SYS_CHROOT, MKNOD, SYS_PTRACE, NET_ADMIN, DAC_READ_SEARCH (open_by_handle_at), SYS_MODULE. */
static const unsigned long long KEPT = BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_FSETID) |
                                       BIT(CAP_KILL) | BIT(CAP_SETGID) | BIT(CAP_SETUID) | BIT(CAP_SETPCAP) |
                                       BIT(CAP_NET_BIND_SERVICE);

static void drop_bounding_set(void) {
  for (int capability = 0; capability < 64; capability++) {
    if (KEPT & BIT(capability)) continue;
    long error = CALL_5(__NR_prctl, PR_CAPBSET_DROP, capability, 0, 0, 0);
    /* Beyond the last capability of this kernel. */
    if (error == -EINVAL) break;
    must(error, "drop", "capabilities");
  }
}

static void drop_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2];
  must(CALL_2(__NR_capget, &header, sets), "read", "capabilities");
  for (int half = 0; half < 2; half++) {
    unsigned kept = (unsigned)(KEPT >> (32 * half));
    sets[half].permitted &= kept;
    sets[half].effective = sets[half].permitted;
    sets[half].inheritable = 0;
  }
  must(CALL_2(__NR_capset, &header, sets), "drop", "capabilities");
}

void drop_privileges(void) {
  must(CALL_5(__NR_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "drop", "capabilities");
  drop_bounding_set();
  drop_capabilities();
  must(CALL_5(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "set", "no_new_privs");
  filter_system_calls();
}
