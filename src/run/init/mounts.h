/* The file system that the program sees. */
#ifndef MKROOTFS_MOUNTS_H
#define MKROOTFS_MOUNTS_H

#include "options.h"

/* A copy of the mounts at `path` of the host, attached nowhere yet, without set-user-ID and device files. */
int clone_tree(const char *path, int read_only);
/* The same for the file that `fd` stands for. */
int clone_file(int fd, int read_only, const char *path);
/* Makes the root, its mounts and nothing else visible, and changes into "/". */
void enter_root(const struct options *options);

/* Attaches a copied tree at `path`, which must exist. */
void attach(int tree, const char *path);
/* Makes a directory with its parents; that it is there already is no failure. */
void make_directories(const char *path, int mode);
void make_file(const char *path);
void mount_tmpfs(const char *path, const char *data);

#endif
