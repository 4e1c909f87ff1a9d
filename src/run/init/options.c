#include "options.h"
#include "mounts.h"
#include "report.h"
#include "system.h"

static char *value(char ***at, const char *option) {
  char *word = *++*at;
  if (!word) fail(EINVAL, "read the value of", option);
  return word;
}

static void add_step(struct options *options, struct step step) {
  if (options->step_count == MAX_STEPS) fail(E2BIG, "mount", step.destination);
  options->steps[options->step_count++] = step;
}

static void add_variable(struct options *options, char *variable) {
  if (options->variable_count == MAX_VARIABLES) fail(E2BIG, "set", variable);
  options->environment[options->variable_count++] = variable;
}

static void add_bind(struct options *options, char ***at, int read_only) {
  const char *source = value(at, "--bind");
  const char *destination = value(at, "--bind");
  int tree = clone_tree(source, read_only);
  add_step(options, (struct step){STEP_BIND, destination, read_only, tree});
}

/* Returns 0 for an option of another kind. */
static int read_mount(struct options *options, char ***at) {
  const char *option = **at;
  if (equal(option, "--proc")) add_step(options, (struct step){STEP_PROC, value(at, option), 0, -1});
  else if (equal(option, "--dev")) add_step(options, (struct step){STEP_DEV, value(at, option), 0, -1});
  else if (equal(option, "--tmpfs")) add_step(options, (struct step){STEP_TMPFS, value(at, option), 0, -1});
  else if (equal(option, "--bind")) add_bind(options, at, 0);
  else if (equal(option, "--ro-bind")) add_bind(options, at, 1);
  else return 0;
  return 1;
}

static void read_option(struct options *options, char ***at) {
  const char *option = **at;
  if (read_mount(options, at)) return;
  if (equal(option, "--read-only")) options->root_mode = ROOT_READ_ONLY;
  else if (equal(option, "--writable")) options->root_mode = ROOT_WRITABLE;
  else if (equal(option, "--hostname")) options->hostname = value(at, option);
  else if (equal(option, "--chdir")) options->directory = value(at, option);
  else if (equal(option, "--setenv")) add_variable(options, value(at, option));
  else if (equal(option, "--lo")) options->raise_loopback = 1;
  else fail(EINVAL, "understand", option);
}

void read_options(struct options *options, char **argv) {
  options->directory = "/";
  options->root = argv[0] ? argv[1] : NULL;
  if (!options->root) fail(EINVAL, "find", "ROOT");
  char **at = argv + 2;
  for (; *at && !equal(*at, "--"); at++) read_option(options, &at);
  if (!*at || !at[1]) fail(EINVAL, "find", "CMD");
  options->command = at + 1;
}
