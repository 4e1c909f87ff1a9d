#ifndef MKROOTFS_NETWORK_H
#define MKROOTFS_NETWORK_H

/* A new network namespace has its loopback interface down: 127.0.0.1 would be unreachable. */
void raise_loopback(void);

#endif
