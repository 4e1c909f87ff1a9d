/** Major (12 bits in Linux) and minor number (20 bits) of a device. */
export interface DeviceNumbers {
  readonly major: number;
  readonly minor: number;
}

/** Takes st_rdev apart, as gnu_dev_major(3) does: the minor number's low byte, the major number, the rest. */
export function deviceNumbers(rdev: number): DeviceNumbers {
  return { major: (rdev >>> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >>> 20) << 8) };
}

/** Packs the numbers of a device as st_rdev has them; the inverse of {@link deviceNumbers}. */
export function deviceNumber({ major, minor }: DeviceNumbers): number {
  return ((minor & 0xff) | ((major & 0xfff) << 8) | ((minor >>> 8) << 20)) >>> 0;
}
