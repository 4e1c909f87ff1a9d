/** Files opened after which a command has begun to work through many. */
const MANY = 20;
/** Bytes of bytecode between V8's looks at whether to optimise a function; its own value is 67,584. */
const BUDGET = 10_000_000;

/**
 * To be called at each file opened. From the twentieth on V8 optimises next to nothing: a command lives for some
 * tenths of a second, the optimising compiler takes a processor for a third of that and hardly ever pays it back.
 * Not at once, since another value would make V8 refuse the code caches of the chunks.
 */
export function countFiles(): () => void {
  let files = 0;
  return () => {
    if (++files !== MANY) return;
    // Loading node:v8 brings node:stream along: 3 ms that a command over a few files would feel.
    process.getBuiltinModule('node:v8').setFlagsFromString(`--interrupt-budget=${BUDGET}`);
  };
}
