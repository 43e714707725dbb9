//! Which records go to which table of the cache.

use tandem_domain::{Listing, ListingKey, Order, Refund, Slug, StockLevel, Variant, VariantKey};
use tandem_store::{PageSaved, PageToSave, Store, StoreError, Stream};

/// A kind of record that a connector pages through and the cache keeps.
pub trait Streamed: Sized + Send + Sync + 'static {
    /// Its name in the cache.
    const STREAM: Stream;

    /// Saves a page with the cursor behind it, all or nothing.
    fn save(
        store: &Store,
        connection: &Slug,
        page: &PageToSave<'_, Self>,
    ) -> Result<PageSaved, StoreError>;
}

macro_rules! streamed {
    ($($record:ty => $stream:ident, $save:ident;)+) => {
        $(impl Streamed for $record {
            const STREAM: Stream = Stream::$stream;

            fn save(
                store: &Store,
                connection: &Slug,
                page: &PageToSave<'_, Self>,
            ) -> Result<PageSaved, StoreError> {
                store.$save(connection, page)
            }
        })+
    };
}

streamed! {
    Listing => Listings, save_listings_page;
    Variant => Variants, save_variants_page;
    StockLevel<VariantKey> => Stock, save_stock_page;
    Order<ListingKey> => Orders, save_orders_page;
    Refund => Refunds, save_refunds_page;
}
