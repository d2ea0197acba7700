export interface Near {
  readonly name: string;
  /** In letters to add, drop or change. */
  readonly distance: number;
}

/**
 * The known name that differs in the fewest letters, or null where there is none. A name without a section is compared
 * with the last part of the known names too. The library is loaded here and nowhere else, so that a run without a
 * mistake does not pay for it.
 */
export async function nearest(name: string, known: readonly string[]): Promise<Near | null> {
  if (name.length > 100) return null;
  const { distance } = await import('fastest-levenshtein');
  const wanted = name.toLowerCase();
  const short = (candidate: string) =>
    wanted.includes('.') ? candidate : candidate.slice(candidate.indexOf('.') + 1);
  let best: Near | null = null;
  for (const candidate of known) {
    const far = Math.min(
      distance(wanted, candidate.toLowerCase()),
      distance(wanted, short(candidate).toLowerCase()),
    );
    if (best === null || far < best.distance) best = { name: candidate, distance: far };
  }
  return best;
}
