# Flags for AI ops: what looks odd, its figures, what follows from either decision, and what was decided.

flag-kind = { $kind ->
    [usage_spike] usage far above the usual
    [prompt_loop] the same prompt over and over
    [idle_burn] usage that leads to little
    [trivial_tasks] many very small tasks
    [unsupported_claims] outcomes with nothing to show for them
    [shared_account] one account that several may use
   *[review_ring] reviews in a closed circle
}
flag-title-open = To be looked at: { $kind }
flag-title-confirmed = Confirmed: { $kind }
flag-title-dismissed = Dismissed: { $kind }
flag-title-lapsed = No longer open: { $kind }
flag-what = *{ $name }*: { $text }
flag-line = *{ $name }*: { $kind }. { $text } { $figures } { $stands }
flag-follows = *Confirm:* what was flagged counts in nobody's favour, for good; its cost stays, and places come back on the rest. *Dismiss:* everything counts as if it had never been, with what was due. Until then { $name } has no place and gets no badge.
flag-needs-two = Two different people must confirm it; one dismisses it.
flag-confirmed-once = { $name } confirmed it: { $reason }
flag-needs-another = A second, different person must confirm it too. Until then it stays open.
flag-decided = { $name } decided: { $reason }
flag-effect-confirmed = What was flagged counts in nobody's favour any more; its cost stays.
flag-effect-dismissed = Everything counts as if it had never been, and the same is not flagged again.
flag-effect-lapsed = What it rested on is too long ago by now, or no longer unusual. Nothing follows from it.
flag-about = It is a question, no verdict: ask before you conclude. This message goes to nobody else.
flag-somebody-gone = Somebody who has left
button-confirm-flag = Confirm
button-dismiss-flag = Dismiss

flag-form-title = { $verdict ->
    [confirmed] Confirm a flag
   *[dismissed] Dismiss a flag
}
flag-form-follows = { $verdict ->
    [confirmed] What was flagged counts in nobody's favour then, for good; its cost stays, and places come back on the rest.
   *[dismissed] Everything counts then as if it had never been, with what was due, and the same is not flagged again.
}
flag-form-reason = Why?
flag-form-hint = It stays on record with your name. Please no prompts and no answers.
flag-form-no-reason = A decision needs a reason.
flag-form-changed = It was looked at anew meanwhile, and its figures may have changed. Please close this and open it again.

flag-done = { $state ->
    [confirmed] Confirmed. Places, bands and badges follow in a moment.
    [dismissed] Dismissed. Places, bands and badges follow in a moment.
   *[open] Your confirmation is on record. The flag stays open until another person confirms it too.
}
flag-gone = There is no such flag any more.
flag-lapsed = It has lapsed: the newest look did not find it any more. There is nothing to decide.
flag-was-decided = It was decided before: { $state ->
    [confirmed] confirmed
   *[dismissed] dismissed
} by { $name }.
flag-yours-already = You have confirmed it already; another person must confirm it too.

flags-title = { $count ->
    [one] { $count } open flag
   *[other] { $count } open flags
}
flags-none = No flag is open.
flags-as-of = As the daily look of { $when } found them.
flags-from = { $first } to { $last }, the strongest first.
flags-waiting = { $count ->
    [one] { $count } more open flag waits for somebody to look
   *[other] { $count } more open flags wait for somebody to look
}
flags-waiting-how = `{ $command } flags` shows all that are open, the strongest first.
button-more-flags = Next
button-first-flags = From the first
