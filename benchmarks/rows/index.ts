import type { Row } from '../row.ts';
import { archiveRows } from './archive.ts';
import { bulkRows } from './bulk.ts';
import { directoryRows } from './directory.ts';
import { memoryRows } from './memory.ts';
import { sizeRows } from './size.ts';
import { startRows } from './start.ts';

/** Every goal of docs/performance.md that this version can be measured by. */
export const ROWS: readonly Row[] = [
  ...startRows,
  ...bulkRows,
  ...archiveRows,
  ...directoryRows,
  ...memoryRows,
  ...sizeRows,
];
