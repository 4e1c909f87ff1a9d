#include "mounts.h"
#include "devices.h"
#include "report.h"
#include "system.h"

#include <linux/mount.h>

enum { MNT_DETACH = 2, PATH_SIZE = 4096 };

static void change_tree(int tree, unsigned long long attributes, const char *path) {
  struct mount_attr attr = {.attr_set = attributes};
  long error = CALL_5(__NR_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof attr);
  must(error, "protect", path);
}

static int protect_clone(long tree, int read_only, const char *path) {
  must(tree, "open", path);
  change_tree((int)tree, MOUNT_ATTR_NOSUID | (read_only ? MOUNT_ATTR_RDONLY : 0), path);
  return (int)tree;
}

int clone_tree(const char *path, int read_only) {
  long tree = CALL_3(__NR_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
  return protect_clone(tree, read_only, path);
}

int clone_file(int fd, int read_only, const char *path) {
  long tree = CALL_3(__NR_open_tree, fd, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
  return protect_clone(tree, read_only, path);
}

void attach(int tree, const char *path) {
  must(CALL_5(__NR_move_mount, tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH), "mount", path);
  sys_close(tree);
}

void make_directories(const char *path, int mode) {
  char parent[PATH_SIZE];
  size_t size = length(path);
  if (size >= sizeof parent) fail(ENAMETOOLONG, "create", path);
  for (size_t at = 1; at <= size; at++) {
    if (at < size && path[at] != '/') continue;
    memcpy(parent, path, at);
    parent[at] = '\0';
    long error = sys_mkdir(parent, at == size ? mode : 0755);
    if (error < 0 && error != -EEXIST) fail(error, "create", path);
  }
}

static void make_parents(const char *path) {
  char parent[PATH_SIZE];
  size_t size = length(path);
  if (size >= sizeof parent) fail(ENAMETOOLONG, "create", path);
  while (size > 1 && path[size - 1] != '/') size--;
  if (size <= 1) return;
  memcpy(parent, path, size - 1);
  parent[size - 1] = '\0';
  make_directories(parent, 0755);
}

void make_file(const char *path) {
  make_parents(path);
  long fd = sys_open(path, O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd == -EEXIST) return;
  sys_close((int)must(fd, "create", path));
}

void mount_tmpfs(const char *path, const char *data) {
  must(sys_mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, data), "mount", path);
}

/* The root is copied on write: what the program writes goes to memory. Leaves the process in the new root.
   The tmpfs hides ROOT itself, the one directory that is certain to be there. */
static void stack_overlay(const char *root) {
  int lower = clone_tree(root, 0);
  must(sys_mount("mkrootfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"), "mount a tmpfs on", root);
  must(sys_chdir(root), "enter", root);
  const char *const directories[] = {"lower", "upper", "work", "root"};
  for (int at = 0; at < 4; at++) must(sys_mkdir(directories[at], 0755), "create", directories[at]);
  attach(lower, "lower");
  /* Names of our own, so nothing in them needs escaping. */
  must(sys_mount("mkrootfs", "root", "overlay", MS_NOSUID | MS_NODEV,
                 "lowerdir=lower,upperdir=upper,workdir=work,userxattr"),
       "mount an overlay on", root);
  must(sys_chdir("root"), "enter", root);
}

static void bind_root(const char *root) {
  int tree = clone_tree(root, 0);
  attach(tree, root);
  must(sys_chdir(root), "enter", root);
}

static void make_bind(const struct step *step) {
  long directory = CALL_3(__NR_openat, step->tree, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {
    sys_close((int)directory);
    make_directories(step->destination, 0755);
  } else {
    make_file(step->destination);
  }
  attach(step->tree, step->destination);
}

static void make_step(const struct step *step, struct devices *devices) {
  switch (step->kind) {
    case STEP_PROC:
      make_directories(step->destination, 0755);
      mount_proc(step->destination, devices);
      break;
    case STEP_DEV:
      make_directories(step->destination, 0755);
      mount_devices(step->destination, devices);
      break;
    case STEP_TMPFS:
      make_directories(step->destination, 01777);
      mount_tmpfs(step->destination, "mode=1777");
      break;
    case STEP_BIND:
      make_bind(step);
      break;
  }
}

/* What still holds a mount of the host (an open directory, /proc/N/exe of this very program) can only read there,
   and no link inside the root can make the steps below write there. */
static void freeze_host(int host) { change_tree(host, MOUNT_ATTR_RDONLY, "the old root"); }

/* Afterwards no path leads to the host. */
static void leave_host(int host) {
  must(CALL_1(__NR_fchdir, host), "enter", "the old root");
  must(CALL_2(__NR_umount2, ".", MNT_DETACH), "unmount", "the old root");
  must(sys_chdir("/"), "enter", "/");
  sys_close(host);
}

static void make_root_read_only(void) {
  struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
  must(CALL_5(__NR_mount_setattr, AT_FDCWD, "/", 0, &attr, sizeof attr), "make read-only", "/");
}

void enter_root(const struct options *options) {
  struct devices devices;
  must(sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make private", "/");
  open_devices(&devices);
  int host = (int)must(sys_open("/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0), "open", "/");
  if (options->root_mode == ROOT_WRITABLE) bind_root(options->root);
  else stack_overlay(options->root);
  must(CALL_2(__NR_pivot_root, ".", "."), "pivot to", options->root);
  must(sys_chdir("/"), "enter", options->root);
  freeze_host(host);
  /* Before the host is left: the kernel allows a new /proc only where another one is in full view. */
  for (int at = 0; at < options->step_count; at++) make_step(&options->steps[at], &devices);
  close_devices(&devices);
  if (options->root_mode == ROOT_READ_ONLY) make_root_read_only();
  leave_host(host);
}
