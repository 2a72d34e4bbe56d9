/**
 * Loaded with `--import` before a bot starts: its clock is then wrong by CHAOS_CLOCK_OFFSET_MS milliseconds, as that of a machine
 * whose time is not kept. Timers are not touched, as they are not on such a machine.
 */
const offsetMs = Number(process.env.CHAOS_CLOCK_OFFSET_MS ?? 0);

class ShiftedDate extends Date {
  constructor(...given: readonly (string | number | Date)[]) {
    const [first] = given;
    if (first === undefined) super(ShiftedDate.now());
    else if (given.length === 1) super(first);
    else super(Date.prototype.valueOf.call(Reflect.construct(RealDate, given)));
  }

  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}

const RealDate = Date;
if (offsetMs !== 0)
  Object.defineProperty(globalThis, "Date", { value: ShiftedDate, writable: true, configurable: true });
