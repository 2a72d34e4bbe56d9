/**
 * The files of the embedded database, with a working fsync. Edge file: PGlite does not type the Emscripten module that it
 * runs in, so the few fields used here are typed by hand, and `countFsyncs` lets the caller prove that the hook is in effect.
 *
 * PGlite's own file system for Node has no fsync operation, so a commit would be reported before it is on the disk
 * (electric-sql/pglite issue 1107). Emscripten calls `stream_ops.fsync` of a mounted file system where there is one.
 */
import { closeSync, fsyncSync, openSync } from "node:fs";
import { NodeFS } from "@electric-sql/pglite/nodefs";

type Stream = { readonly nfd?: number | null; readonly node: unknown };
type NodeFileSystem = {
  readonly realPath: (node: unknown) => string;
  readonly stream_ops: { fsync?: (stream: Stream) => number };
};
type EmscriptenModule = {
  readonly FS: {
    readonly root: { readonly mount: { readonly mounts: readonly { readonly type: NodeFileSystem }[] } };
  };
};
type BeforeRun = (module: EmscriptenModule) => void;

export class DurableFiles extends NodeFS {
  #fsyncs = 0;

  /** How often the database has had a file written through to the disk. */
  get countFsyncs(): number {
    return this.#fsyncs;
  }

  override async init(...args: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const prepared = await super.init(...args);
    const beforeRun = prepared.emscriptenOpts.preRun as unknown as BeforeRun[];
    // The last step that NodeFS adds is its own mount; the file system object is taken from there because the place where
    // the module exports it has moved between versions of PGlite.
    const mount = beforeRun.pop();
    if (mount === undefined) throw new Error("PGlite's file system no longer mounts in a preRun step");
    beforeRun.push((module) => {
      const before = new Set(module.FS.root.mount.mounts);
      mount(module);
      const mounted = module.FS.root.mount.mounts.find((candidate) => !before.has(candidate));
      if (mounted === undefined) throw new Error("PGlite's file system did not mount its directory");
      mounted.type.stream_ops.fsync = (stream) => this.#fsync(mounted.type, stream);
    });
    return prepared;
  }

  #fsync(files: NodeFileSystem, stream: Stream): number {
    if (stream.nfd !== undefined && stream.nfd !== null) {
      fsyncSync(stream.nfd);
    } else {
      const directory = openSync(files.realPath(stream.node), "r");
      try {
        fsyncSync(directory);
      } finally {
        closeSync(directory);
      }
    }
    this.#fsyncs += 1;
    return 0;
  }
}
