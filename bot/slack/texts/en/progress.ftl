# How one's own score went.

progress-title = Your progress: { $board }
progress-series = Score
progress-points = Points of 1,000
progress-none = This is the first week with a score of yours; next week there is something to compare.
progress-nothing = You have no score yet, so there is no progress to show. `{ $command } rank` says what is missing.
progress-trend = { $direction ->
    [up] { $now } points, up { $change } from { $then } in week { $week }.
    [down] { $now } points, down { $change } from { $then } in week { $week }.
   *[same] { $now } points, as in week { $week }.
}
progress-week = • { $week }: { $points ->
    [one] { $points } point
   *[other] { $points } points
}, place { $rank }
progress-about = Only you see it. Scores compare with peers: they can move even when your own work does not.
work-progress = *Your outcome score*: { $trend }
