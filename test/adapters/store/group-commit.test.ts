import { beforeEach, expect, test } from "vitest";
import { GroupCommit } from "../../../src/adapters/store/group-commit.ts";

type Commit = { readonly items: readonly string[]; readonly end: PromiseWithResolvers<readonly string[]> };

let commits: Commit[];
let group: GroupCommit<string, string>;
beforeEach(() => {
  commits = [];
  group = new GroupCommit<string, string>({
    commit(items) {
      const end = Promise.withResolvers<readonly string[]>();
      commits.push({ items, end });
      return end.promise;
    },
    mayBeOnes: (error) => error instanceof RangeError,
    // "a1" and "a2" share the line "a".
    keysOf: (item) => [item, item.slice(0, 1)],
    most: 3,
    atOnce: 2,
  });
});

const begun = () => commits.map(({ items }) => items.join(" "));
function end(index: number, error?: Error): void {
  const commit = commits[index];
  if (error) commit?.end.reject(error);
  else commit?.end.resolve(commit.items.map((item) => `${item} done`));
}
/** Until everything that does not wait for the outside has happened. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("what finds nothing under way is committed at once; what comes meanwhile shares a commit", async () => {
  const results = ["a1", "b1", "c1", "d1", "e1", "f1"].map((item) => group.add(item));
  expect(begun()).toEqual(["a1", "b1"]);
  end(0);
  await settle();
  expect(begun()).toEqual(["a1", "b1", "c1 d1 e1"]);
  end(1);
  await settle();
  expect(begun()).toEqual(["a1", "b1", "c1 d1 e1", "f1"]);
  end(2);
  end(3);
  expect(await Promise.all(results)).toEqual([
    ...["a1 done", "b1 done", "c1 done", "d1 done", "e1 done", "f1 done"],
  ]);
});

test("nothing resolves before its own commit has", async () => {
  const resolved: string[] = [];
  for (const item of ["a1", "b1", "c1"]) void group.add(item).then((result) => resolved.push(result));
  await settle();
  expect(resolved).toEqual([]);
  end(1);
  await settle();
  expect(resolved).toEqual(["b1 done"]);
});

test("one that hangs does not hold up what comes after it", async () => {
  void group.add("a1");
  const results = ["b1", "c1", "d1"].map((item) => group.add(item));
  end(1);
  await settle();
  end(2);
  expect(await Promise.all(results)).toEqual(["b1 done", "c1 done", "d1 done"]);
});

test("items of one line are committed one after the other, in their order, and the same item too", async () => {
  const results = ["a1", "a2", "a2", "b1", "a3"].map((item) => group.add(item));
  expect(begun()).toEqual(["a1", "b1"]);
  for (let index = 0; index < 5; index += 1) {
    end(index);
    await settle();
  }
  expect(begun()).toEqual(["a1", "b1", "a2", "a2", "a3"]);
  expect(await Promise.all(results)).toHaveLength(5);
});

test("where one item may be at fault each is tried alone, and only that one is refused", async () => {
  const results = ["x1", "y1", "a1", "b1"].map((item) => group.add(item));
  end(0);
  await settle();
  expect(begun()[2]).toBe("a1 b1");
  end(2, new RangeError("one of them cannot be stored"));
  await settle();
  expect(begun().slice(3)).toEqual(["a1", "b1"]);
  end(3, new RangeError("a1 cannot be stored"));
  end(4);
  await expect(results[2]).rejects.toThrow("a1 cannot be stored");
  expect(await results[3]).toBe("b1 done");
});

test("any other failure is everybody's, at once", async () => {
  const results = ["x1", "y1", "a1", "b1"].map((item) => group.add(item));
  end(0);
  await settle();
  end(2, new Error("the database is gone"));
  await expect(results[2]).rejects.toThrow("the database is gone");
  await expect(results[3]).rejects.toThrow("the database is gone");
  expect(begun()).toHaveLength(3);
});
