/** Writes as a command does, to a standard output that does not block: the child of streams.test.ts. */
import { processTerminal } from '../../src/cli/terminal.ts';

const [what = ''] = process.argv.slice(2);
// Node makes a pipe non-blocking when it opens it as a stream.
void process.stdout;
const terminal = processTerminal(process.env);
terminal.out(what === 'odd-name' ? 'l\udcff\n' : 'x'.repeat(Number(what)));
