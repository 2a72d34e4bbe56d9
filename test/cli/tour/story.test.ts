import { expect, test } from "vitest";
import { NotSeen, playStory } from "../../../src/cli/tour/story.ts";
import { createTranscript } from "../../../src/cli/tour/transcript.ts";
import { faults, scriptedPlayground } from "./scripted-playground.ts";

test("is told to its end when everything is as it should be", async () => {
  const lines: string[] = [];
  await playStory(
    scriptedPlayground(),
    createTranscript((line) => lines.push(line)),
  );
  const told = lines.join("\n");
  for (const words of [
    "Microsoft Teams",
    "Slack",
    "Ana",
    "Ben",
    "clicks [Approve]",
    "clicks [Reject]",
    "status of app-y",
  ]) {
    expect(told).toContain(words);
  }
  expect(told.match(/✓/g)).toHaveLength(6);
});

test.each(faults)("notices: %s", async (fault, words) => {
  const telling = playStory(
    scriptedPlayground(fault),
    createTranscript(() => undefined),
  );
  await expect(telling).rejects.toBeInstanceOf(NotSeen);
  await expect(telling).rejects.toThrow(words);
});
