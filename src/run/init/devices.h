/* /dev with the devices that every program may expect, and /proc without what concerns the host. */
#ifndef MKROOTFS_DEVICES_H
#define MKROOTFS_DEVICES_H

enum { DEVICE_COUNT = 6 };

/* Copies of the host's device files, -1 where the host has none: a user namespace cannot make its own. */
struct devices {
  int trees[DEVICE_COUNT];
  /* The host's /dev/null, to copy again for each file that is hidden. */
  int null;
};

void open_devices(struct devices *devices);
void close_devices(struct devices *devices);
void mount_devices(const char *path, struct devices *devices);
void mount_proc(const char *path, const struct devices *devices);

#endif
