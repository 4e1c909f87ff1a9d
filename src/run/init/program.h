/* The program as a child of PID 1. */
#ifndef MKROOTFS_PROGRAM_H
#define MKROOTFS_PROGRAM_H

/* Starts the program, passes signals on to it, reaps what is orphaned, and returns its exit code as a shell would
   give it. Returning ends the namespace: the kernel kills what still runs in it. */
int run_program(char **command, char **environment);

#endif
