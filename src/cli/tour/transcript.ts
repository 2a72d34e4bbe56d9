/** Prints the tour as a conversation: who, where, what; and what was made sure of. */
export type Transcript = {
  place(name: string): void;
  says(who: string, text: string): void;
  does(who: string, what: string): void;
  checked(what: string): void;
};

const nameWidth = 12;
const textWidth = 104;

export function createTranscript(write: (line: string) => void): Transcript {
  let afterCheck = false;
  const speech = (who: string, text: string, mark: string) => {
    if (afterCheck) write("");
    afterCheck = false;
    const lines = text.split("\n").flatMap(folded);
    for (const [index, line] of lines.entries()) {
      write(`  ${(index === 0 ? who : "").padEnd(nameWidth)}${mark} ${line}`.trimEnd());
    }
  };
  return {
    place(name) {
      afterCheck = false;
      write(`\n── ${name} ${"─".repeat(Math.max(2, 90 - name.length))}\n`);
    },
    says: (who, text) => speech(who, text, "│"),
    does: (who, what) => speech(who, what, "▸"),
    checked(what) {
      afterCheck = true;
      write(`  ${" ".repeat(nameWidth)}✓ ${what}`);
    },
  };
}

/** A long line in several, broken between words. */
function folded(line: string): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > textWidth) {
    const space = rest.lastIndexOf(" ", textWidth);
    const at = space > 0 ? space : textWidth;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
