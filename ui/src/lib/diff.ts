// What differs between two texts, line by line (Myers 1986, An O(ND) Difference Algorithm).

export type Step = [mark: " " | "-" | "+", line: string];

const FARTHEST = 1500; // differences that are looked for; texts that differ more are told apart whole

/** Return how one list of lines becomes another. */
export function diffLines(before: string[], after: string[]): Step[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  const same = (line: string): Step => [" ", line];
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

function middle(before: string[], after: string[]): Step[] {
  const whole = (): Step[] => [
    ...before.map((line): Step => ["-", line]),
    ...after.map((line): Step => ["+", line]),
  ];
  if (before.length === 0 || after.length === 0) return whole();
  const most = Math.min(before.length + after.length, FARTHEST);
  const trail: Int32Array[] = [];
  // The farthest place on each diagonal, reached by so many differences.
  const reached = new Int32Array(2 * most + 3);
  const at = (diagonal: number) => reached[diagonal + most + 1] ?? 0;
  for (let count = 0; count <= most; count += 1) {
    trail.push(reached.slice(most + 1 - count - 1, most + 1 + count + 2));
    for (let diagonal = -count; diagonal <= count; diagonal += 2) {
      const isDown =
        diagonal === -count || (diagonal !== count && at(diagonal - 1) < at(diagonal + 1));
      let x = isDown ? at(diagonal + 1) : at(diagonal - 1) + 1;
      while (
        x < before.length &&
        x - diagonal < after.length &&
        before[x] === after[x - diagonal]
      ) {
        x += 1;
      }
      reached[diagonal + most + 1] = x;
      if (x >= before.length && x - diagonal >= after.length) return back(before, after, trail);
    }
  }
  return whole();
}

function back(before: string[], after: string[], trail: Int32Array[]): Step[] {
  const steps: Step[] = [];
  let x = before.length;
  let y = after.length;
  for (let count = trail.length - 1; count >= 0; count -= 1) {
    const reached = trail[count];
    const at = (diagonal: number) => reached?.[diagonal + count + 1] ?? 0;
    const diagonal = x - y;
    const isDown =
      diagonal === -count || (diagonal !== count && at(diagonal - 1) < at(diagonal + 1));
    const from = isDown ? diagonal + 1 : diagonal - 1;
    const startX = count === 0 ? 0 : at(from);
    const startY = count === 0 ? 0 : startX - from;
    while (x > startX && y > startY) {
      x -= 1;
      y -= 1;
      steps.push([" ", before[x] ?? ""]);
    }
    if (count === 0) break;
    if (isDown) {
      y -= 1;
      steps.push(["+", after[y] ?? ""]);
    } else {
      x -= 1;
      steps.push(["-", before[x] ?? ""]);
    }
  }
  return steps.reverse();
}

/** Return what differs between two texts as a diff with some lines around; "" where nothing does. */
export function unified(before: string, after: string, around = 3): string {
  const split = (text: string) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
  const steps = diffLines(split(before), split(after));
  const near = new Uint8Array(steps.length);
  for (const [at, [mark]] of steps.entries()) {
    if (mark !== " ") near.fill(1, Math.max(0, at - around), at + around + 1);
  }
  const lines: string[] = [];
  let left = 1;
  let right = 1;
  for (const [at, [mark, line]] of steps.entries()) {
    if (near[at]) {
      if (!near[at - 1]) lines.push(`@@ ${left} → ${right} @@`);
      lines.push(mark + line);
    }
    if (mark !== "+") left += 1;
    if (mark !== "-") right += 1;
  }
  return lines.join("\n");
}
