# The weekly post in a channel.

digest-days = { $first } to { $last }
digest-title = { $program }: { $days }
digest-board = { $ranked ->
    [0] *{ $title }*
   *[other] *{ $title }* ({ $ranked } ranked)
}
digest-place = { $rank }. { $name }: { $points ->
    [one] { $points } point
   *[other] { $points } points
}
digest-unnamed = { $count ->
    [one] { $count } colleague among the first stays unnamed.
   *[other] { $count } colleagues among the first stay unnamed.
}
digest-unnamed-more = { $count ->
    [one] { $count } more colleague among the first stays unnamed.
   *[other] { $count } more colleagues among the first stay unnamed.
}
digest-riser = { $name } (+{ $gain })
digest-risers = Most improved: { $risers }
digest-about = Out of 1000 points. Computed by the rules of version { $version }.
digest-rules-link = The rules
digest-training-link = Training
button-my-rank = My rank
