//! The API as people and their programs meet it: requests through the whole router, over a real database.

mod business_hours;
mod company;
mod extensions;
mod holidays;
mod organization;
mod repeated;
mod resources;
mod rights;
mod routing;
mod second_factor;
mod sign_in;
mod tables;
mod users;
