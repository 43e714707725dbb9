// Decimal strings added up and taken from each other. No float touches them.

interface Fixed {
  units: bigint;
  scale: number;
}

function fixed(amount: string): Fixed {
  const plain = amount.replace('−', '-');
  const scale = plain.includes('.') ? plain.length - plain.indexOf('.') - 1 : 0;
  return { units: BigInt(plain.replace('.', '')), scale };
}

function written({ units, scale }: Fixed): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const cut = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return units < 0n ? `-${text}` : text;
}

/** Their sum, with the decimals of the finest of them. */
export function added(amounts: readonly string[]): string {
  const all = amounts.map(fixed);
  const scale = Math.max(0, ...all.map((each) => each.scale));
  const units = all.reduce((sum, each) => sum + each.units * 10n ** BigInt(scale - each.scale), 0n);
  return written({ units, scale });
}

/** What is left of one when the other is taken from it. */
export function less(from: string, amount: string): string {
  const { units, scale } = fixed(amount);
  return added([from, written({ units: -units, scale })]);
}
