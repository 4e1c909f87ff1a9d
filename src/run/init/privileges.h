/* What the program may ask of the kernel. */
#ifndef MKROOTFS_PRIVILEGES_H
#define MKROOTFS_PRIVILEGES_H

/* For good, in this process and all that it starts: few capabilities, no gain by exec, a system call filter. */
void drop_privileges(void);
/* seccomp.c */
void filter_system_calls(void);

#endif
