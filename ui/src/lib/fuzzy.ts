// Finding by some of the letters, in their order: "rforest" finds "random forest".

/** Return how well a text fits what is sought, the greater the better; undefined where it does not. */
export function fits(sought: string, text: string): number | undefined {
  const wanted = sought.toLowerCase();
  const given = text.toLowerCase();
  if (!wanted) return 0;
  const whole = given.indexOf(wanted);
  if (whole >= 0) {
    const atWord = whole === 0 || !isLetter(given[whole - 1]);
    return 1000 + (atWord ? 500 : 0) + (given === wanted ? 500 : 0) - given.length / 100;
  }
  let at = -1;
  let score = 0;
  for (const letter of wanted) {
    if (letter === " ") continue;
    const next = given.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    if (next === at + 1) score += 5;
    else if (!isLetter(given[next - 1])) score += 3;
    at = next;
  }
  return score - given.length / 100;
}

function isLetter(one: string | undefined): boolean {
  return one !== undefined && /[\p{L}\p{N}]/u.test(one);
}

/** Return what fits, the best first; of equals, the earlier. */
export function best<T>(sought: string, among: T[], textOf: (one: T) => string): T[] {
  return among
    .flatMap((one, at) => {
      const score = fits(sought, textOf(one));
      return score === undefined ? [] : [{ one, at, score }];
    })
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .map(({ one }) => one);
}
