//! The API as people and their programs meet it: requests through the whole router, over a real database.

mod company;
mod extensions;
mod organization;
mod prompts;
mod repeated;
mod resources;
mod rights;
mod routing;
mod second_factor;
mod sign_in;
mod users;
