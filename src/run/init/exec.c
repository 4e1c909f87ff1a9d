#include "exec.h"
#include "report.h"
#include "system.h"

enum { PATH_SIZE = 4096 };

static const char *search_path(char **environment) {
  for (; *environment; environment++) {
    const char *variable = *environment;
    if (variable[0] == 'P' && variable[1] == 'A' && variable[2] == 'T' && variable[3] == 'H' && variable[4] == '=')
      return variable + 5;
  }
  return "/usr/bin:/bin";
}

static int has_slash(const char *name) {
  while (*name && *name != '/') name++;
  return *name == '/';
}

static int give_up(long error, const char *path) {
  report_exec(error, path);
  return error == -ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
}

/* Writes DIRECTORY/NAME, an empty directory being the working one; 0 if it does not fit. */
static int join(char *to, const char *directory, size_t size, const char *name) {
  if (size + length(name) + 2 > PATH_SIZE) return 0;
  if (size == 0) directory = ".", size = 1;
  memcpy(to, directory, size);
  to[size] = '/';
  memcpy(to + size + 1, name, length(name) + 1);
  return 1;
}

int execute(char **command, char **environment) {
  char path[PATH_SIZE];
  static char denied[PATH_SIZE];
  const char *name = command[0];
  if (has_slash(name)) return give_up(CALL_3(__NR_execve, name, command, environment), name);
  for (const char *at = search_path(environment);; at++) {
    const char *start = at;
    while (*at && *at != ':') at++;
    if (join(path, start, (size_t)(at - start), name)) {
      long error = CALL_3(__NR_execve, path, command, environment);
      /* A file that is there and yet "not found" lacks its interpreter: the one to report. */
      if (error != -ENOENT && error != -ENOTDIR && error != -EACCES) return give_up(error, path);
      if (error == -ENOENT && exists(path)) return give_up(error, path);
      if (error == -EACCES && !*denied) memcpy(denied, path, sizeof denied);
    }
    if (!*at) return *denied ? give_up(-EACCES, denied) : give_up(-ENOENT, name);
  }
}
