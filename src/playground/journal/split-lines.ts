import { StringDecoder } from "node:string_decoder";

/** Lines of more characters than this are passed over. */
const longest = 64 * 1024;

/** Returns what takes a file's bytes as they come, and hands on each line as soon as it has ended. */
export function splitLines(onLine: (line: string) => void): (bytes: Buffer) => void {
  const decoder = new StringDecoder("utf8");
  let begun = "";
  let isTooLong = false;
  return (bytes) => {
    const lines = (begun + decoder.write(bytes)).split("\n");
    begun = lines.pop() ?? "";
    for (const line of lines) {
      if (!isTooLong && line.length <= longest) onLine(line);
      isTooLong = false;
    }
    if (begun.length <= longest) return;
    begun = "";
    isTooLong = true;
  };
}
