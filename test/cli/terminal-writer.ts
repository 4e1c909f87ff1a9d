/** Writes as a command does: the child of streams.test.ts. */
import { processTerminal } from '../../src/cli/terminal.ts';

const [what = ''] = process.argv.slice(2);
const terminal = processTerminal(process.env);
switch (what) {
  case 'odd-name':
    terminal.out('l\udcff\n');
    break;
  case 'colour':
    terminal.out(terminal.paint.bold('x'));
    break;
  case 'progress':
    terminal.progress('');
    terminal.progress('one');
    terminal.progress('two');
    terminal.progress('');
    break;
  case 'note':
    terminal.note('n');
    break;
  default:
    // Node makes a pipe non-blocking when it opens it as a stream.
    void process.stdout;
    terminal.out('x'.repeat(Number(what)));
}
