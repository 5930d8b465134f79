# The Home tab and its sections.

home-more = There is more than fits here; the menu below leads to each part.

next-title = What to do next
next-waiting = • { $count ->
    [one] { $count } request waits for your decision; it stands below.
   *[other] { $count } requests wait for your decision; they stand below.
}
next-band = • *Your band:* { $step }
next-place = • *Your score:* { $step }
next-badge = • *The nearest badge, { $title }:* { $text } { $level } begins at { $step }. { $learn }

work-title = Your AI work
work-naming-open = *Open:* you have not said yet whether posts may show your name.
work-no-tokens = No token counts usage from your laptop as yours yet.
work-token-used = Last used on { $when }.

scorecards-title = Your scorecards
scorecard-title = *{ $title }*
scorecard-figure = • { $went ->
    [better] { $text } ▲ Better than in the weeks before.
    [worse] { $text } ▼ Not as good as in the weeks before.
   *[unknown] { $text }
}
scorecard-missing = • _Not told:_ { $text }
scorecards-about = Nobody is compared with anybody here: each figure stands beside your own weeks before.

reports-title = Your reports
reports-count = { $count ->
    [one] { $count } person reports to you.
   *[other] { $count } people report to you.
}
reports-line = • { $name } ({ $team })
reports-line-no-team = • { $name }
reports-advice = Is somebody missing, or wrong here? Tell your AI ops team: the directory says who reports to whom.
reports-none = Nobody reports to you in the directory. If that is wrong, tell your AI ops team.

operations-title = AI operations
operations-days = In the last { $days } days:
operations-flags = *Flags:* { $count ->
    [0] none is open.
    [one] { $count } is open and waits for a decision.
   *[other] { $count } are open and wait for a decision.
}
operations-sources = *Sources and their last event:*
operations-source = • { $source }: { $days ->
    [0] today
    [one] yesterday
   *[other] { $days } days ago
}
operations-source-silent = • { $source }: nothing for { $days } days
operations-no-source = None has reported anything yet. docs/connect.md says how to connect one.
operations-secrets = *What opens the doors, and when it last did:*
operations-secret = • { $door } { $name }: last used on { $when }
operations-secret-unused = • { $door } { $name }: not used yet
operations-no-secret = Nothing opens a door yet.

more = … and { $count } more.
more-earlier = { $count ->
    [one] … and { $count } earlier one.
   *[other] … and { $count } earlier ones.
}
