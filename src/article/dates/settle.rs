//! What a claim leaves open and the others of its page settle: the order of day and month, the offset of a local time.

use chrono::{Duration, NaiveDate};

use crate::model::date::{DateClaim, DateField, Precision, When, Zone};
use crate::phrase::{self, Setting};

/// Reads a date in figures, `11/01/2023`, with day and month in the order in which it is a day that the page states in other words.
pub(super) fn order(claims: &mut [DateClaim], setting: &Setting<'_>) {
    let is_by_slashes = |claim: &DateClaim| claim.raw.bytes().take(6).filter(|byte| *byte == b'/').count() == 2;
    let others: Vec<(DateField, NaiveDate)> = claims
        .iter()
        .filter(|claim| !is_by_slashes(claim))
        .filter_map(|claim| Some((claim.field, claim.when?.at.date_naive())))
        .collect();
    for claim in claims.iter_mut().filter(|claim| is_by_slashes(claim)) {
        let is_stated = |when: &When| others.contains(&(claim.field, when.at.date_naive()));
        if claim.when.as_ref().is_some_and(is_stated) {
            continue;
        }
        let in_order = |language| phrase::explain(&claim.raw, &Setting { language: Some(language), ..*setting }).ok();
        if let Some(when) = ["en-GB", "en-US"].into_iter().filter_map(in_order).find(is_stated) {
            (claim.when, claim.reject_reason) = (Some(when), None);
        }
    }
}

/// Moves local times without an offset to the offset that another claim of the page states, or that shows where a line says in local
/// time what a machine's value says in UTC: one newsroom, one zone.
pub(super) fn offset(claims: &mut [DateClaim]) {
    let stated = || {
        claims.iter().filter_map(|claim| claim.when).find_map(|when| {
            let offset = when.at.offset().local_minus_utc();
            (when.zone == Zone::Stated && offset != 0).then(|| Duration::seconds(i64::from(offset)))
        })
    };
    let Some(offset) = stated().or_else(|| shown_offset(claims)) else { return };
    for when in claims.iter_mut().filter_map(|claim| claim.when.as_mut()) {
        if when.zone == Zone::Assumed && when.precision < Precision::Day {
            when.at -= offset;
            when.earliest -= offset;
            when.latest -= offset;
        }
    }
}

/// How far a local time is from the instant that another claim of the same field states: half hours, to the minute.
fn shown_offset(claims: &[DateClaim]) -> Option<Duration> {
    const STEP: i64 = 30;
    const MOST: i64 = 14 * 60;
    let timed = |zone| {
        let is_timed = move |when: &When| when.zone == zone && when.precision < Precision::Hour;
        claims.iter().filter_map(move |claim| Some((claim.field, claim.when.filter(is_timed)?)))
    };
    timed(Zone::Assumed).find_map(|(field, local)| {
        timed(Zone::Stated).filter(|(other, _)| *other == field).find_map(|(_, instant)| {
            // Not seconds: a line says the minute that has begun.
            let minutes = local.at.timestamp().div_euclid(60) - instant.at.timestamp().div_euclid(60);
            let is_offset = minutes != 0 && minutes % STEP == 0 && minutes.abs() <= MOST;
            is_offset.then(|| Duration::minutes(minutes))
        })
    })
}
