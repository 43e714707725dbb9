//! The countries and states that the stand-in knows; Odoo knows all of them.

/// Row, ISO 3166-1 alpha-2 and name. Italy and the United States have their recorded rows.
pub(super) const COUNTRIES: &[(i64, &str, &str)] = &[
    (2, "AE", "United Arab Emirates"),
    (22, "BH", "Bahrain"),
    (38, "CA", "Canada"),
    (57, "DE", "Germany"),
    (65, "EG", "Egypt"),
    (68, "ES", "Spain"),
    (75, "FR", "France"),
    (104, "IN", "India"),
    (109, "IT", "Italy"),
    (121, "JO", "Jordan"),
    (123, "KW", "Kuwait"),
    (165, "OM", "Oman"),
    (186, "QA", "Qatar"),
    (192, "SA", "Saudi Arabia"),
    (231, "GB", "United Kingdom"),
    (233, "US", "United States"),
];

/// Row, country, code and name.
pub(super) const STATES: &[(i64, i64, &str, &str)] = &[
    (5, 233, "CA", "California"),
    (27, 233, "NY", "New York"),
    (538, 38, "ON", "Ontario"),
    (543, 38, "QC", "Quebec"),
    (601, 2, "DU", "Dubai"),
    (602, 2, "AZ", "Abu Dhabi"),
    (1001, 109, "MI", "Milano"),
];

pub(super) fn country(id: i64) -> Option<&'static (i64, &'static str, &'static str)> {
    COUNTRIES.iter().find(|row| row.0 == id)
}

pub(super) fn state(id: i64) -> Option<&'static (i64, i64, &'static str, &'static str)> {
    STATES.iter().find(|row| row.0 == id)
}
