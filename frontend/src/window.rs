//! The time window over the histogram: pure arithmetic for dragging, resizing and typing.
//!
//! A window is half-open in whole days, lies within bounds and is never shorter than a day.

use crate::time::Day;

/// Days from `from` to before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// First day inside.
    pub(crate) from: Day,
    /// First day outside.
    pub(crate) to: Day,
}

/// What a pointer or key does to the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grip {
    /// Both ends together.
    Move,
    /// The first day.
    From,
    /// The last day.
    To,
    /// A new window from where the pointer went down.
    Draw,
}

impl Window {
    /// Its length.
    pub(crate) fn days(self) -> i32 {
        self.to.0 - self.from.0
    }

    /// The window cut to bounds; the bounds themselves when nothing of it is left inside.
    pub(crate) fn within(self, bounds: Self) -> Self {
        let cut = Self { from: self.from.max(bounds.from), to: self.to.min(bounds.to) };
        if cut.days() < 1 { bounds } else { cut }
    }

    /// The window after a grip has moved by `days`.
    pub(crate) fn dragged(self, grip: Grip, days: i32, bounds: Self) -> Self {
        match grip {
            Grip::Move => {
                let days =
                    days.clamp(bounds.from.0 - self.from.0, (bounds.to.0 - self.to.0).max(bounds.from.0 - self.from.0));
                Self { from: self.from.plus(days), to: self.to.plus(days) }
            }
            Grip::From => Self { from: Day((self.from.0 + days).clamp(bounds.from.0, self.to.0 - 1)), ..self },
            Grip::To => Self { to: Day((self.to.0 + days).clamp(self.from.0 + 1, bounds.to.0)), ..self },
            Grip::Draw => {
                let anchor = self.from;
                let other = anchor.plus(days);
                let (from, last) = if other < anchor { (other, anchor) } else { (anchor, other) };
                Self { from, to: last.plus(1) }.within(bounds)
            }
        }
    }

    /// Where a day lies in the window, 0 at its start, 1 at its end.
    pub(crate) fn fraction(self, day: Day) -> f64 {
        f64::from(day.0 - self.from.0) / f64::from(self.days().max(1))
    }

    /// The day at a fraction of the window.
    pub(crate) fn day_at(self, fraction: f64) -> Day {
        let offset = (fraction.clamp(0.0, 1.0) * f64::from(self.days())).floor() as i32;
        Day(self.from.0 + offset.min(self.days() - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: i32, to: i32) -> Window {
        Window { from: Day(from), to: Day(to) }
    }

    #[test]
    fn dragging_keeps_the_length_and_stops_at_the_bounds() {
        let bounds = window(0, 100);
        assert_eq!(window(10, 20).dragged(Grip::Move, 5, bounds), window(15, 25));
        assert_eq!(window(10, 20).dragged(Grip::Move, -50, bounds), window(0, 10));
        assert_eq!(window(10, 20).dragged(Grip::Move, 500, bounds), window(90, 100));
    }

    #[test]
    fn a_handle_never_crosses_the_other() {
        let bounds = window(0, 100);
        assert_eq!(window(10, 20).dragged(Grip::From, 50, bounds), window(19, 20));
        assert_eq!(window(10, 20).dragged(Grip::To, -50, bounds), window(10, 11));
        assert_eq!(window(10, 20).dragged(Grip::To, 500, bounds), window(10, 100));
    }

    #[test]
    fn drawing_works_in_both_directions() {
        let bounds = window(0, 100);
        assert_eq!(window(10, 11).dragged(Grip::Draw, 5, bounds), window(10, 16));
        assert_eq!(window(10, 11).dragged(Grip::Draw, -5, bounds), window(5, 11));
    }

    #[test]
    fn a_window_outside_the_data_becomes_all_of_it() {
        assert_eq!(window(200, 300).within(window(0, 100)), window(0, 100));
        assert_eq!(window(-5, 7).within(window(0, 100)), window(0, 7));
    }

    #[test]
    fn fractions_and_days_agree() {
        let bounds = window(0, 100);
        assert_eq!(bounds.day_at(0.255), Day(25));
        assert_eq!(bounds.day_at(1.0), Day(99));
        assert!((bounds.fraction(Day(25)) - 0.25).abs() < 1e-9);
    }
}
