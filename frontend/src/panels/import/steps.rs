//! Where one is: files, check, reading, report. A step that was reached can be gone back to.

use leptos::prelude::*;

use super::words;
use crate::components::icons::{self, Icon};
use crate::i18n::imports::Texts;
use crate::importing::{Incoming, Step, is_active};
use crate::state::use_app;

/// The steps with their names; the report is what reading ends in.
const STEPS: [fn(&Texts) -> &'static str; 4] = [|t| t.step_files, |t| t.step_check, |t| t.step_read, |t| t.step_report];

/// The row of steps.
#[component]
pub(super) fn Steps() -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let has_ended = Memo::new(move |_| {
        let started = importing.started.get();
        importing.jobs.with(|jobs| {
            let mut of_this_round =
                jobs.iter().flat_map(|jobs| jobs.iter()).filter(|job| started.contains(&job.number));
            !started.is_empty() && !of_this_round.any(is_active)
        })
    });
    let now = move || match importing.step.get() {
        Step::Files => 0,
        Step::Check => 1,
        Step::Read if has_ended.get() => 3,
        Step::Read => 2,
    };
    let any_here = Memo::new(move |_| importing.incoming.with(|all| all.iter().any(Incoming::is_here)));
    // Once reading has begun there is no way back to checking.
    let can_go = move |at: usize| match at {
        0 => importing.step.get() == Step::Check,
        1 => importing.step.get() == Step::Files && any_here.get(),
        _ => false,
    };
    let go = move |at: usize| if at == 0 { importing.step.set(Step::Files) } else { importing.check(app) };
    let step = move |(at, name): (usize, fn(&Texts) -> &'static str)| {
        view! {
            <li class="step" class:step-done=move || { at < now() } class:step-now=move || at == now()>
                <button type="button" data-testid=format!("import-step-{at}") aria-current=move || (at == now()).then_some("step")
                    disabled=move || !can_go(at) on:click=move |_| go(at)>
                    <span class="step-mark" aria-hidden="true">
                        {move || if at < now() { view! { <Icon path=icons::TICK /> }.into_any() } else { (at + 1).into_any() }}
                    </span>
                    <span class="step-name">{move || name(words(app))}</span>
                </button>
            </li>
        }
    };
    view! { <ol class="steps" aria-label=move || words(app).steps>{STEPS.into_iter().enumerate().map(step).collect_view()}</ol> }
}
