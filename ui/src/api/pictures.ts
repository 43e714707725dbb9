// Where a product's picture is: an address of the application's own, which fetches and keeps it.
import { convertFileSrc } from '@tauri-apps/api/core';

const SCHEME = 'picture';

/** The picture of a store's listing. */
export function listingPicture(store: string, listing: string): string {
  return convertFileSrc(`${store}/listing/${listing}`, SCHEME);
}

/** The picture of a variant of the Odoo that the store sells from. */
export function variantPicture(store: string, variant: number): string {
  return convertFileSrc(`${store}/variant/${variant}`, SCHEME);
}
