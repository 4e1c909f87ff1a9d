import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from 'tinybench';

/** Runs every `*.bench.ts` beside this file: each exports a tinybench `bench`. */
export async function runMicro(directory: string): Promise<void> {
  for (const name of readdirSync(directory).filter((file) => file.endsWith('.bench.ts'))) {
    const { bench } = (await import(join(directory, name))) as { bench: Bench };
    await bench.run();
    console.log(name);
    console.table(bench.table());
  }
}
