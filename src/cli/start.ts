/** The process: its words, its streams, its exit code. Ends by itself, so that nothing written is lost. */
import { main } from './main.ts';
import { processTerminal } from './terminal.ts';

void main(process.argv.slice(2), processTerminal(process.env)).then((exitCode) => {
  process.exitCode = exitCode;
});
