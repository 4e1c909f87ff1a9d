#include "devices.h"
#include "mounts.h"
#include "report.h"
#include "system.h"

#include <linux/mount.h>

static const char *const DEVICES[DEVICE_COUNT] = {"/dev/null",   "/dev/zero",    "/dev/full",
                                                  "/dev/random", "/dev/urandom", "/dev/tty"};

/* Global switches of the host: inside, root may own them (its uid outside may be 0), so they must be read-only. */
static const char *const PROC_READ_ONLY[] = {"/sys", "/bus", "/fs", "/irq", "/sysrq-trigger"};
/* What tells about, or reaches into, the host. */
static const char *const PROC_HIDDEN[] = {"/acpi",       "/asound",        "/kcore",       "/keys",
                                          "/kallsyms",   "/latency_stats", "/sched_debug", "/scsi",
                                          "/timer_list", "/timer_stats",   "/kpagecount",  "/kpageflags"};
#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

enum { PATH_SIZE = 4096 };

static const char *join(char *to, const char *directory, const char *name) {
  size_t left = length(directory), right = length(name);
  if (left + right >= PATH_SIZE) fail(ENAMETOOLONG, "mount", directory);
  memcpy(to, directory, left);
  memcpy(to + left, name, right + 1);
  return to;
}

void open_devices(struct devices *devices) {
  devices->null = (int)must(sys_open("/dev/null", O_PATH | O_CLOEXEC, 0), "open", "/dev/null");
  for (int at = 0; at < DEVICE_COUNT; at++) {
    /* Read-only keeps mode and owner of the host's file; a device can be written all the same. */
    devices->trees[at] = exists(DEVICES[at]) ? clone_tree(DEVICES[at], 1) : -1;
  }
}

void close_devices(struct devices *devices) {
  for (int at = 0; at < DEVICE_COUNT; at++) {
    if (devices->trees[at] >= 0) sys_close(devices->trees[at]);
  }
  sys_close(devices->null);
}

static void link_to(const char *target, const char *directory, const char *name) {
  char path[PATH_SIZE];
  join(path, directory, name);
  must(CALL_3(__NR_symlinkat, target, AT_FDCWD, path), "create", path);
}

static void mount_terminals(const char *directory) {
  char path[PATH_SIZE];
  join(path, directory, "/pts");
  make_directories(path, 0755);
  must(sys_mount("devpts", path, "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620"), "mount",
       path);
  link_to("pts/ptmx", directory, "/ptmx");
}

void mount_devices(const char *directory, struct devices *devices) {
  char path[PATH_SIZE];
  must(sys_mount("tmpfs", directory, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755"), "mount", directory);
  for (int at = 0; at < DEVICE_COUNT; at++) {
    if (devices->trees[at] < 0) continue;
    join(path, directory, DEVICES[at] + length("/dev"));
    make_file(path);
    attach(devices->trees[at], path);
    devices->trees[at] = -1;
  }
  mount_terminals(directory);
  join(path, directory, "/shm");
  make_directories(path, 01777);
  mount_tmpfs(path, "mode=1777");
  link_to("/proc/self/fd", directory, "/fd");
  link_to("/proc/self/fd/0", directory, "/stdin");
  link_to("/proc/self/fd/1", directory, "/stdout");
  link_to("/proc/self/fd/2", directory, "/stderr");
}

/* A directory becomes an empty one, a file becomes /dev/null; nothing can be written to either. */
static void hide(const char *path, const struct devices *devices) {
  if (is_directory(path)) {
    must(sys_mount("tmpfs", path, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,mode=0555"),
         "hide", path);
  } else {
    attach(clone_file(devices->null, 1, path), path);
  }
}

void mount_proc(const char *directory, const struct devices *devices) {
  char path[PATH_SIZE];
  must(sys_mount("proc", directory, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "mount", directory);
  for (int at = 0; at < COUNT(PROC_READ_ONLY); at++) {
    join(path, directory, PROC_READ_ONLY[at]);
    if (exists(path)) attach(clone_tree(path, 1), path);
  }
  for (int at = 0; at < COUNT(PROC_HIDDEN); at++) {
    join(path, directory, PROC_HIDDEN[at]);
    if (exists(path)) hide(path, devices);
  }
}
