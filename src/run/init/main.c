/*
 * PID 1 of a rootfs. unshare(1) starts it in new namespaces, with every capability over them; it makes the
 * root the only file system there is, gives up what the program shall not have, starts the program, and stays to
 * pass signals on and to reap.
 *
 * Needs Linux 5.12 (mount_setattr(2)). Takes no C library: see system.h.
 */
#include "mounts.h"
#include "network.h"
#include "options.h"
#include "privileges.h"
#include "program.h"
#include "report.h"
#include "system.h"

#include <linux/prctl.h>

/* Too large for the stack of a process with a small limit. */
static struct options options;

static void set_hostname(const char *name) {
  must(CALL_2(__NR_sethostname, name, length(name)), "set the host name", name);
}

int main(int argc, char **argv, char **environment) {
  (void)argc, (void)environment;
  keep_only_report();
  /* /proc/1 of a process that cannot be dumped shows its files and memory to no one inside. */
  must(CALL_5(__NR_prctl, PR_SET_DUMPABLE, 0, 0, 0, 0), "hide", "PID 1");
  CALL_1(__NR_umask, 0);
  read_options(&options, argv);
  if (options.hostname) set_hostname(options.hostname);
  if (options.raise_loopback) raise_loopback();
  enter_root(&options);
  must(sys_chdir(options.directory), "enter", options.directory);
  CALL_1(__NR_umask, 022);
  drop_privileges();
  return run_program(options.command, options.environment);
}
