import type { Subject, Subjects } from "../../src/ports/subjects.ts";

/** What is spoken of, in memory; `run` is a transaction of the store that it belongs to. */
export function createMemorySubjects(run: <T>(step: () => T) => Promise<T>): Subjects {
  const subjects = new Map<string, Subject>();
  return {
    remember: (subject) =>
      run(() => {
        if (!subjects.has(subject.message)) subjects.set(subject.message, structuredClone(subject));
      }),
    recall: ({ conversation, since = new Date(0), limit }) =>
      run(() =>
        [...subjects.values()]
          .filter((subject) => subject.conversation === conversation && subject.at >= since)
          .reverse()
          .sort((a, b) => b.at.getTime() - a.at.getTime())
          .slice(0, limit),
      ),
  };
}
