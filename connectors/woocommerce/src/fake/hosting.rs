//! Where a shop's stand-in lives: what its host, its proxy and its owner did to it.

/// The circumstances of a shop. By default all is as it should be.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a circumstance of its own, and any may go with any other"
)]
pub struct Hosting {
    /// The host drops the `Authorization` header.
    pub strips_authorization: bool,
    /// TLS ends at a proxy that does not tell WordPress.
    pub hides_tls: bool,
    /// Permalinks are plain: `/wp-json/` is the home page, `?rest_route=` answers.
    pub plain_permalinks: bool,
    /// A `WooCommerce` before 10.3: no store-wide `variations` and `refunds`.
    pub older: bool,
    /// Orders are kept as posts, not in tables of their own.
    pub orders_in_posts: bool,
    /// A plugin switched application passwords off.
    pub no_application_passwords: bool,
    /// Decimals that prices are shown with, where they are not the currency's.
    pub price_decimals: Option<u32>,
}

impl Hosting {
    /// WordPress has them where it sees HTTPS, and on local sites.
    pub(super) fn has_application_passwords(self) -> bool {
        !self.no_application_passwords && !self.hides_tls
    }
}
