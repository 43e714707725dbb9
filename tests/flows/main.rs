//! What a person does, from two connections to a reviewed mapping and the orders that wait.

mod backups;
mod bad_orders;
mod connections;
mod consent;
mod customers;
mod decisions;
mod documents;
mod helping;
mod learning;
mod matching;
mod odoo_sales;
mod orders;
mod pictures;
mod review;
mod standing;
mod support;
mod today;
mod trial;
