import { type Finding, fuzz, type Stretch } from './fuzz.ts';

/** The process that reads: what it hangs on or dies of, its parent tells. */
process.on('message', (stretch: Stretch) => {
  const findings: Finding[] = [];
  fuzz(stretch, (finding) => findings.push(finding));
  const { rss } = process.memoryUsage();
  process.send?.({ findings, peakKiB: process.resourceUsage().maxRSS, rssKiB: rss >>> 10 });
});
