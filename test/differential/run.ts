// node --import tsx test/differential/run.ts [--graphs N] [--from SEED]: our link maps beside the real loader's.
import { parseArgs } from 'node:util';
import { checkSeed, LoaderCrash } from './check.ts';

const { values } = parseArgs({
  options: { graphs: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' } },
});
const first = Number(values.from);
let different = 0;
let crashes = 0;
for (let seed = first; seed < first + Number(values.graphs); seed++) {
  try {
    const found = checkSeed(seed);
    if (found === null) continue;
    different++;
    console.log(found);
  } catch (error) {
    if (!(error instanceof LoaderCrash)) throw error;
    crashes++;
    console.log(`seed ${seed}: ${error.message}`);
  }
}
console.log(`${values.graphs} graphs from seed ${first}: ${different} differ, the loader died of ${crashes}`);
process.exitCode = different === 0 ? 0 : 1;
