/* The command line of PID 1: `mkrootfs-init ROOT [option...] -- CMD [ARG...]`. Written by src/run/backends. */
#ifndef MKROOTFS_OPTIONS_H
#define MKROOTFS_OPTIONS_H

enum { MAX_STEPS = 256, MAX_VARIABLES = 1024 };

/* One mount of the new root. They are made in the order given. */
struct step {
  enum { STEP_PROC, STEP_DEV, STEP_TMPFS, STEP_BIND } kind;
  const char *destination;
  int read_only;
  /* STEP_BIND: the source as a mount of its own, attached to nothing yet. */
  int tree;
};

enum root_mode { ROOT_OVERLAY, ROOT_READ_ONLY, ROOT_WRITABLE };

struct options {
  const char *root;
  enum root_mode root_mode;
  const char *hostname;
  const char *directory;
  int raise_loopback;
  struct step steps[MAX_STEPS];
  int step_count;
  char *environment[MAX_VARIABLES + 1];
  int variable_count;
  char **command;
};

/* Fails on anything it does not know. Sources of binds are opened here, while the host's root is still the root. */
void read_options(struct options *options, char **argv);

#endif
