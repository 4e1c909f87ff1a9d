/** What a benchmark is: a goal of docs/performance.md, and how to measure it. */

/** One measured value, and where it came from. */
export interface Result {
  /** What is compared with the gate: a median of pair ratios, a count, or MiB. */
  readonly value: number;
  /** Smallest and largest single value. */
  readonly spread?: readonly [number, number];
  /** Median wall times in milliseconds: ours, then the peer's. */
  readonly milliseconds?: readonly [number, number];
  readonly pairs?: number;
  /** The two command lines, the peer's last. */
  readonly commands: readonly string[];
  /** What was worked on: files, bytes. */
  readonly note?: string;
}

/** One line of the table. */
export interface Row {
  /** Goal it belongs to: `P4`. A goal may have several rows. */
  readonly id: string;
  readonly title: string;
  readonly unit: 'x' | 'calls' | 'MiB';
  /** The value may not be above it. */
  readonly gate: number;
  /** What is physically possible, as far as prototypes showed. */
  readonly stretch: number;
  /** Debian packages without which there is nothing to compare. */
  readonly needs?: readonly string[];
  /** Measures it; a reason in words where this machine or this version cannot. */
  measure(options: MeasureOptions): Result | string;
}

/** How much time to spend. */
export interface MeasureOptions {
  /** Factor on the number of pairs of each row. */
  readonly effort: number;
}
