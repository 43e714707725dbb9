//! What a person does, from two connections to a reviewed mapping and the orders that wait.

mod connections;
mod orders;
mod review;
