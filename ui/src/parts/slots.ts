// Which element of a list shows which row. Elements are dear to make: those of rows that left show the rows that came.

/** Elements by number; a row keeps its own for as long as it is shown. */
export class Slots {
  #of = new Map<string | number, number>();

  /** The element of each row, in the order of the rows. Keys that come twice get an element each time. */
  assign(keys: readonly (string | number)[]): number[] {
    const before = this.#of;
    const now = new Map<string | number, number>();
    const taken = new Set<number>();
    for (const key of keys) {
      const slot = before.get(key);
      if (slot === undefined || now.has(key)) continue;
      now.set(key, slot);
      taken.add(slot);
    }
    let next = 0;
    const free = () => {
      while (taken.has(next)) next += 1;
      taken.add(next);
      return next;
    };
    const seen = new Set<string | number>();
    const slots = keys.map((key) => {
      const slot = seen.has(key) ? free() : (now.get(key) ?? free());
      seen.add(key);
      now.set(key, slot);
      return slot;
    });
    this.#of = now;
    return slots;
  }
}
