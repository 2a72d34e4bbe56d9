import fc from "fast-check";

type Path = readonly (string | number)[];

/** How often a target is tried: few times in CI, `FUZZ_RUNS=50000` for a long run. `FUZZ_SEED` repeats one. */
export function runs(few: number): { readonly numRuns: number; readonly seed?: number } {
  const { FUZZ_RUNS, FUZZ_SEED } = process.env;
  return {
    numRuns: FUZZ_RUNS === undefined ? few : Number(FUZZ_RUNS),
    ...(FUZZ_SEED === undefined ? {} : { seed: Number(FUZZ_SEED) }),
  };
}

/** For one target, however often it is tried. */
export const timeLimitMs = Math.max(120_000, runs(0).numRuns * 60);

const deep = (depth: number, made: unknown = 1): unknown => (depth === 0 ? made : deep(depth - 1, [made]));

/** What programs stumble over. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1e308,
    2 ** 53,
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\u202e",
    "__proto__",
    "constructor",
    "CR-1",
    "CR-2",
    "approve",
    "msteams",
    "../../etc/passwd",
    "{{TIME(2020-01-01T00:00:00Z)}}",
    "'; DROP TABLE change_request; --",
    "<!channel>",
    "https://evil.example/",
    [],
    {},
    [[]],
    { $ne: null },
    "x".repeat(5_000),
    "9".repeat(400),
  ),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')),
  fc.nat({ max: 2_000 }).map((depth) => deep(depth)),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.jsonValue({ maxDepth: 3 }),
);

type Change = {
  readonly at: number;
  readonly kind: "replace" | "remove" | "double" | "wrap" | "unwrap" | "add" | "move";
  readonly odd: unknown;
  readonly from: number;
};

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat({ max: 10_000 }),
  kind: fc.constantFrom("replace", "replace", "replace", "remove", "double", "wrap", "unwrap", "add", "move"),
  odd,
  from: fc.nat({ max: 10_000 }),
});

/** One of the valid values, with some of its parts exchanged, removed, doubled, moved or made something else. */
export function mutated(valid: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...valid), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([value, changes]) => changes.reduce(carryOut, structuredClone(value)));
}

function carryOut(value: unknown, { at, kind, odd: strange, from }: Change): unknown {
  const paths = pathsOf(value);
  const path = paths[at % paths.length] ?? [];
  const here = partAt(value, path);
  switch (kind) {
    case "replace":
      return replaced(value, path, strange);
    case "remove":
      return replaced(value, path, undefined);
    case "double":
      return replaced(value, path, [here, here]);
    case "wrap":
      return replaced(value, path, { value: here });
    case "unwrap":
      return replaced(value, path, typeof here === "object" && here !== null ? Object.values(here)[0] : here);
    case "add":
      return replaced(
        value,
        path,
        isRecord(here) ? { ...here, [String(strange).slice(0, 50)]: strange } : strange,
      );
    case "move":
      return replaced(value, path, partAt(value, paths[from % paths.length] ?? []));
    default:
      return kind satisfies never;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null || path.length > 12) return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...keys.slice(0, 40).flatMap((key) => pathsOf(partAt(value, [key]), [...path, key]))];
}

function partAt(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return value;
  const next =
    typeof value === "object" && value !== null
      ? Object.entries(value).find(([name]) => name === String(key))
      : undefined;
  return next === undefined ? undefined : partAt(next[1], rest);
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      if (index !== key) return [item];
      const next = replaced(item, rest, by);
      return next === undefined ? [] : [next];
    });
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      if (name !== key) return [[name, item]];
      const next = replaced(item, rest, by);
      return next === undefined ? [] : [[name, next]];
    }),
  );
}

/** A valid text with bytes exchanged, cut off, repeated or put in between; not always UTF-8. */
export function bytesLike(valid: readonly string[]): fc.Arbitrary<Buffer> {
  const spot = fc.record({
    at: fc.nat({ max: 100_000 }),
    length: fc.nat({ max: 12 }),
    bytes: fc.uint8Array({ maxLength: 12 }),
    kind: fc.constantFrom("exchange", "cut", "repeat"),
  });
  return fc
    .oneof(
      {
        weight: 5,
        arbitrary: fc.tuple(fc.constantFrom(...valid), fc.array(spot, { minLength: 1, maxLength: 5 })),
      },
      {
        weight: 1,
        arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => [Buffer.from(bytes), []] as const),
      },
    )
    .map(([start, spots]) =>
      spots.reduce((bytes, { at, length, bytes: others, kind }) => {
        const from = bytes.length === 0 ? 0 : at % bytes.length;
        if (kind === "cut") return bytes.subarray(0, from);
        const middle =
          kind === "repeat"
            ? Buffer.concat([bytes.subarray(from, from + length), bytes.subarray(from)])
            : Buffer.concat([others, bytes.subarray(from + length)]);
        return Buffer.concat([bytes.subarray(0, from), middle]);
      }, Buffer.from(start)),
    );
}

/** JSON of a value, also where there is none. */
export function asJson(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
