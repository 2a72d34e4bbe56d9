import type { Readable, Writable } from "node:stream";
import { confirm, isCancel, log, password, select, text } from "@clack/prompts";
import { type Asker, type Blank, Cancelled, judgeBlank } from "./asker.ts";

/** The bar that holds a question together goes on beside its second line. */
const underneath = "│  ";

/** Asks a person at a terminal. What is typed for a secret is masked. */
export function createTerminalAsker(streams: { readonly input: Readable; readonly output: Writable }): Asker {
  return {
    async choose({ text: message, options, initial }) {
      const chosen = await select<string>({
        ...streams,
        message,
        options: options.map((option) => ({ ...option })),
        initialValue: initial,
      });
      const option = options.find(({ value }) => value === chosen);
      if (option === undefined) throw new Cancelled();
      return option.value;
    },
    async write(blank) {
      const judge = (answer: string | undefined) => judgeBlank(blank, (answer ?? "").trim());
      const message = blank.hint === undefined ? blank.text : `${blank.text}\n${underneath}${blank.hint}`;
      const answer =
        blank.secret === true
          ? await password({
              ...streams,
              message: secretMessage(message, blank),
              validate: judge,
              clearOnError: true,
            })
          : await text({ ...streams, message, ...prefilled(blank), validate: judge });
      if (isCancel(answer)) throw new Cancelled();
      const given = (answer ?? "").trim();
      return given === "" ? (blank.initial ?? "") : given;
    },
    async agree({ text: message, initial }) {
      const agreed = await confirm({ ...streams, message, initialValue: initial });
      if (isCancel(agreed)) throw new Cancelled();
      return agreed;
    },
    async another({ text: message, count }) {
      if (count === 0) return true;
      const more = await confirm({ ...streams, message, initialValue: false });
      if (isCancel(more)) throw new Cancelled();
      return more;
    },
    say: (message) => log.message(message, { output: streams.output }),
  };
}

function prefilled({ initial }: Blank): { readonly placeholder?: string; readonly defaultValue?: string } {
  if (initial === undefined) return {};
  return initial === "" ? { placeholder: "Enter for none" } : { placeholder: initial, defaultValue: initial };
}

function secretMessage(message: string, { initial }: Blank): string {
  return initial === undefined || initial === ""
    ? message
    : `${message}\n${underneath}Enter keeps the one that is there.`;
}
