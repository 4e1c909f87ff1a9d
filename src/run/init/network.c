#include "network.h"
#include "report.h"
#include "system.h"

#include <linux/if.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/sockios.h>

enum { DATAGRAM = 2, INTERNET = 2 };

void raise_loopback(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  int fd = (int)must(CALL_3(__NR_socket, INTERNET, DATAGRAM, 0), "open", "a socket");
  must(CALL_3(__NR_ioctl, fd, SIOCSIFFLAGS, &request), "raise", "lo");
  sys_close(fd);
}
