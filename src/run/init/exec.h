#ifndef MKROOTFS_EXEC_H
#define MKROOTFS_EXEC_H

/* Replaces this process by the program, looked up in the PATH of its own environment. Returns only where that
   fails, after the report, with the code to end with. */
int execute(char **command, char **environment);

#endif
