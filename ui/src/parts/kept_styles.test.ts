import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetInPauses } from './kept_styles';

const forget = vi.fn();
let stop: () => void;

function press(): void {
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'j' }));
}

beforeEach(() => {
  vi.useFakeTimers();
  forget.mockReset();
  stop = forgetInPauses(forget);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('what the web view keeps of elements that are gone', () => {
  it('is left alone while nobody works', () => {
    vi.advanceTimersByTime(3_600_000);
    expect(forget).not.toHaveBeenCalled();
  });

  it('is let go of once for all that was done in half a minute', () => {
    press();
    vi.advanceTimersByTime(20_000);
    press();
    vi.advanceTimersByTime(10_000);
    expect(forget).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(3_600_000);
    expect(forget).toHaveBeenCalledTimes(1);
  });

  it('waits for a pause', () => {
    press();
    for (let at = 0; at < 31_000; at += 200) {
      vi.advanceTimersByTime(200);
      press();
    }
    expect(forget).not.toHaveBeenCalled();
    vi.advanceTimersByTime(400);
    expect(forget).toHaveBeenCalledTimes(1);
  });

  it('stays when the window ends', () => {
    press();
    stop();
    press();
    vi.advanceTimersByTime(60_000);
    expect(forget).not.toHaveBeenCalled();
  });
});
