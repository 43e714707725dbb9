// Short messages that something was done. Errors that need a person stand in the page, not here.

/** One message. */
export interface Toast {
  title: string;
  detail?: string;
  tone: 'ok' | 'bad' | 'info';
  /** What can be done about it: undo, show. */
  action?: { label: string; keys?: string; run: () => void };
}

interface Shown extends Toast {
  id: number;
  /** How often it was said since the first time. */
  times: number;
}

/** Long enough to read and to reach for the button. */
const SECONDS_SHOWN = 8;

/** Most at once: a newer one takes the oldest one's place. */
const MOST = 3;

class ToastState {
  shown = $state<Shown[]>([]);
  #next = 0;

  /** Shows a message for a while, and says it aloud. The same again stands once, and counts. Answers what to dismiss it by. */
  show(toast: Toast): number {
    const id = this.#next;
    this.#next += 1;
    const same = ({ title, tone }: Toast) => title === toast.title && tone === toast.tone;
    const times = 1 + (this.shown.find(same)?.times ?? 0);
    const others = this.shown.filter((shown) => !same(shown));
    this.shown = [...others.slice(-(MOST - 1)), { ...toast, id, times }];
    setTimeout(() => this.dismiss(id), SECONDS_SHOWN * 1000);
    return id;
  }

  dismiss(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

export const toasts = new ToastState();
