// Moving a choice with the arrow keys inside one tab stop.

/** Where an arrow, Home or End leads from `index` among `length`; `null` when the key is another. In Arabic, left is onward. */
export function stepOf(event: Pick<KeyboardEvent, 'key'>, index: number, length: number): number | null {
  const rightToLeft = document.documentElement.dir === 'rtl';
  const onward = rightToLeft ? 'ArrowLeft' : 'ArrowRight';
  const back = rightToLeft ? 'ArrowRight' : 'ArrowLeft';
  if (length === 0) return null;
  if (event.key === onward || event.key === 'ArrowDown') return (index + 1) % length;
  if (event.key === back || event.key === 'ArrowUp') return (index - 1 + length) % length;
  if (event.key === 'Home') return 0;
  if (event.key === 'End') return length - 1;
  return null;
}
