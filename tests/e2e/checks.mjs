// Counts what held and what did not, one printed line for each.

/** A scenario that cannot go on: what failed is printed already. */
export class Stopped extends Error {}

/** What one run has checked so far. */
export class Checks {
  passed = 0;
  failed = 0;
  #scenario = '';
  #onfailure = async () => {};

  /** Names the scenario that the next lines belong to. */
  begin(scenario) {
    this.#scenario = scenario;
    this.#onfailure = async () => {};
  }

  /** From now on a failure keeps a picture of this window. */
  watch(window, place) {
    let number = 0;
    this.#onfailure = () => place.keep(window, `failed-${this.#scenario}-${(number += 1)}`);
  }

  /** Runs what the rest of the scenario stands on; throws `Stopped` when it fails. */
  async step(name, act) {
    const outcome = await this.#run(name, act);
    if (!outcome.held) throw new Stopped(name);
    return outcome.value;
  }

  /** Runs a check whose failure leaves the rest meaningful. */
  async also(name, act) {
    return (await this.#run(name, act)).value;
  }

  /** Counts something that broke outside of any check. */
  async broke(name, error) {
    await this.#run(name, () => Promise.reject(error));
  }

  async #run(name, act) {
    try {
      const value = await act();
      this.passed += 1;
      console.log(`ok    ${this.#scenario}: ${name}`);
      return { held: true, value };
    } catch (error) {
      this.failed += 1;
      console.log(`FAIL  ${this.#scenario}: ${name}\n      ${String(error?.message ?? error).replaceAll('\n', '\n      ')}`);
      await this.#onfailure(name).catch(() => {});
      return { held: false, value: undefined };
    }
  }
}

/** Throws unless it holds. */
export function expect(holds, message) {
  if (!holds) throw new Error(message);
}
