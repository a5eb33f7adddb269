/** Resident memory of this process, megabytes, after what is garbage was given back as far as a run without flags can. */
export function rssMegabytes(): number {
  return process.memoryUsage.rss() / 1e6;
}
