//! The API as people and their programs meet it: requests through the whole router, over a real database.

mod business_hours;
mod by_link;
mod cascades;
mod company;
mod concurrency;
mod contract;
mod described;
mod edges;
mod extensions;
mod guessing;
mod holidays;
mod in_flight;
mod installation;
mod organization;
mod platform;
mod prompts;
mod repeated;
mod resources;
mod retention;
mod rights;
mod routing;
mod second_factor;
mod sign_in;
mod tables;
mod users;
