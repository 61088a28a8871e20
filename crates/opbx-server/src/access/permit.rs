//! A permit: the proof that someone may do something, and how far.

use super::{Caller, Protected};
use crate::api::ApiState;
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use opbx_core::permission::{Action, Grant, Resource};
use std::marker::PhantomData;

/// An action on a resource, as a type.
pub(crate) trait Right: Send + Sync + 'static {
    /// What is done.
    const ACTION: Action;
    /// To what.
    const RESOURCE: Resource;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name<P>(PhantomData<P>);

        impl<P: Protected> Right for $name<P> {
            const ACTION: Action = Action::$name;
            const RESOURCE: Resource = P::RESOURCE;
        }
    )*};
}

rights! {
    /// To list, look at, listen to, ask.
    Read;
    /// To make a new one.
    Create;
    /// To change, rotate, hang up.
    Update;
    /// To remove, erase.
    Delete;
}

/// Someone who may do this, as far as the grant goes.
#[derive(Debug)]
pub(crate) struct Permit<R> {
    /// Who.
    pub(crate) caller: Caller,
    /// How far.
    pub(crate) grant: Grant,
    right: PhantomData<R>,
}

impl<R: Right> Permit<R> {
    /// Whether the right reaches a thing that is, or is not, one's own.
    ///
    /// # Errors
    ///
    /// [`Problem::Forbidden`].
    pub(crate) fn reaches(&self, own: bool) -> Result<(), Problem> {
        if self.grant.reaches(own) { Ok(()) } else { Err(Problem::Forbidden) }
    }

    /// Whether these fields of a thing that is reached may be written.
    ///
    /// # Errors
    ///
    /// [`Problem::Forbidden`].
    pub(crate) fn covers<'f>(&self, mut fields: impl Iterator<Item = &'f String>) -> Result<(), Problem> {
        if fields.all(|field| self.grant.covers_field(field)) { Ok(()) } else { Err(Problem::Forbidden) }
    }
}

impl<R: Right> FromRequestParts<ApiState> for Permit<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &ApiState) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, api).await?;
        caller.enrolled()?;
        let grant = caller.grant(R::ACTION, R::RESOURCE);
        if !grant.is_some() {
            return Err(Problem::Forbidden);
        }
        Ok(Self { caller, grant, right: PhantomData })
    }
}
