/** Values of the `{names}` of a pattern, in the case the client sent. */
export type PathValues = Readonly<Record<string, string>>;

/** A path such as `/subscriptions/{subscription}/resourceGroups`, compiled for matching in any case. */
export interface PathPattern {
  match(segments: readonly string[]): PathValues | null;
}

/** Compiles a pattern; literal segments match in any case, as Azure Resource Manager matches them. */
export function pathPattern(pattern: string): PathPattern {
  const parts = pattern
    .split("/")
    .filter((part) => part !== "")
    .map((part) =>
      part.startsWith("{")
        ? { name: part.slice(1, -1), literal: null }
        : { name: null, literal: part.toLowerCase() },
    );
  return {
    match(segments) {
      if (segments.length !== parts.length) return null;
      const values: Record<string, string> = {};
      for (const [index, part] of parts.entries()) {
        const segment = segments[index];
        if (segment === undefined) return null;
        if (part.literal !== null) {
          if (segment.toLowerCase() !== part.literal) return null;
        } else {
          values[part.name] = segment;
        }
      }
      return values;
    },
  };
}
