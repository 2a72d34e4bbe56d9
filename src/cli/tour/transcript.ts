/** Prints the tour as a conversation: who, where, what; and what was made sure of. */
export type Transcript = {
  place(name: string): void;
  says(who: string, text: string): void;
  does(who: string, what: string): void;
  checked(what: string): void;
};

const nameWidth = 14;

export function createTranscript(write: (line: string) => void): Transcript {
  const speech = (who: string, text: string, mark: string) => {
    const [first = "", ...rest] = text.split("\n");
    write(`  ${who.padEnd(nameWidth)}${mark} ${first}`);
    for (const line of rest) write(`  ${" ".repeat(nameWidth)}${mark} ${line}`);
  };
  return {
    place: (name) => write(`\n── ${name} ${"─".repeat(Math.max(2, 90 - name.length))}\n`),
    says: (who, text) => speech(who, text, "│"),
    does: (who, what) => speech(who, what, "▸"),
    checked: (what) => write(`  ${" ".repeat(nameWidth)}✓ ${what}\n`),
  };
}
