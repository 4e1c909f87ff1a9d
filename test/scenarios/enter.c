/*
 * enter DIR UID PROGRAM [ARG...]: starts a program in DIR as root directory, with /proc there and the environment
 * given. Static, so that LD_TRACE_LOADED_OBJECTS and its like mean the program and not this one; works as root and,
 * where user namespaces are allowed, as anybody.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "enter: cannot %s: %s\n", what, strerror(errno));
	exit(125);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail(path);
	close(fd);
}

static void become_root(void)
{
	char map[64];
	uid_t uid = getuid();
	gid_t gid = getgid();

	if (unshare(CLONE_NEWUSER) < 0)
		fail("make a user namespace");
	put("/proc/self/setgroups", "deny");
	snprintf(map, sizeof map, "0 %u 1", uid);
	put("/proc/self/uid_map", map);
	snprintf(map, sizeof map, "0 %u 1", gid);
	put("/proc/self/gid_map", map);
}

int main(int argc, char **argv)
{
	char proc[4096];
	uid_t uid;

	if (argc < 4)
		return 125;
	uid = (uid_t)atoi(argv[2]);
	if (getuid() != 0)
		become_root();
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		fail("make a mount namespace");
	snprintf(proc, sizeof proc, "%s/proc", argv[1]);
	if (mount("/proc", proc, NULL, MS_BIND | MS_REC, NULL) < 0)
		fail("bind /proc");
	if (chroot(argv[1]) < 0 || chdir("/") < 0)
		fail("change root");
	if (uid != 0 && (setgid(uid) < 0 || setuid(uid) < 0))
		fail("change user");
	execv(argv[3], argv + 3);
	fprintf(stderr, "enter: cannot start %s: %s\n", argv[3], strerror(errno));
	return errno == ENOENT ? 127 : 126;
}
