/**
 * Microsoft's `adaptivecards` in Node. Its package main is ESM without file extensions, which Node cannot load, and its
 * bundle looks for the browser's `self`; hence this one odd place with the cast that a CommonJS bundle needs.
 */
import { createRequire } from "node:module";

type AdaptiveCardsLibrary = typeof import("adaptivecards");

function load(): AdaptiveCardsLibrary {
  const had = Reflect.has(globalThis, "self");
  if (!had) Reflect.set(globalThis, "self", globalThis);
  try {
    return createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.min.js") as AdaptiveCardsLibrary;
  } finally {
    if (!had) Reflect.deleteProperty(globalThis, "self");
  }
}

export const adaptiveCards = load();
